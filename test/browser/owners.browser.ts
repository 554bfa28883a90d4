import { expect } from 'vitest';
import { editRules, inShort, pick, save } from './support/home-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

test('an owner is chosen under People, mentioned in alerts, and limits what a channel gets', async ({
  sandbox,
}) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  await dana.post('High');
  const messages = await dana.channel('customer-health');
  await messages.last().getByText('Owner: Ana Sousa').waitFor();

  const home = await dana.home();
  await home.getByText('One owner of your customers has no Slack user yet').waitFor();
  await home.getByRole('button', { name: 'People' }).click();
  await dana.modal.getByText('Ana Sousa').waitFor();
  const picker = dana.modal.getByRole('combobox').first();
  await picker.click();
  await picker.pressSequentially('Milo');
  await dana.page.getByRole('option', { name: /Milo/ }).first().click();
  await dana.modal.getByRole('button', { name: 'Remove the Slack user of Ana Sousa' }).waitFor();
  await dana.modal.getByRole('button', { name: 'Close' }).first().click();

  await dana.post('Critical');
  await dana.channel('customer-health');
  await messages.last().getByTestId('attachment').getByText('Owner: @Milo Park').waitFor();
  await messages.last().getByText('@Milo Park: Globex — Customer at risk').waitFor();
  await dana.post('Low');
  await messages.last().getByText('Owner: Ana Sousa').waitFor();

  await dana.post('Health score drop');
  await messages.last().getByText('Owner: Ben Ortiz').waitFor();
  const modal = await editRules(dana, channel);
  await modal.getByRole('button', { name: 'Owners, repeats, reminders' }).click();
  await pick(modal, 'Only customers of these owners', 'Ben');
  await inShort(modal, 'only customers of one owner');
  await save(dana);
  await dana.post('High');
  await dana.outcomes.filter({ hasText: 'other_owner' }).waitFor();
  await dana.post('Health score drop');
  await dana.channel('customer-health');
  await expect.poll(() => messages.getByText('Owner: Ben Ortiz').count()).toBe(2);
});
