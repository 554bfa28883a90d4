import { expect } from 'vitest';
import { cardOf, editRules, inShort, save } from './support/home-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

test('a similar alert is not sent again within the time in the rules, and the next one says how many were not', async ({
  sandbox,
}) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  await dana.advanceClock('Next Monday 09:00');
  const modal = await editRules(dana, channel);
  await modal.getByRole('button', { name: 'Owners, repeats, reminders' }).click();
  await modal.getByRole('combobox', { name: 'Similar alerts' }).click();
  await dana.page.getByRole('option', { name: 'Not again within 6 hours' }).click();
  await inShort(modal, 'A similar alert is not sent again within 6 hours, unless its risk level is higher.');
  await save(dana);
  const home = await dana.home();
  await home.getByText('repeats only after 6 hours').waitFor();

  const messages = await dana.channel('customer-health');
  const alerts = messages.filter({ hasText: 'Globex' });
  await dana.post('High');
  await expect.poll(() => alerts.count()).toBe(1);
  for (const button of ['High', 'Medium', 'High']) {
    await dana.advanceClock('+1 h');
    await dana.post(button);
    await dana.outcomes.filter({ hasText: 'repeated' }).waitFor();
  }
  await dana.page
    .getByTestId('explanations')
    .getByText('Not sent, because a similar alert was sent or held not long before.')
    .waitFor();
  await dana.post('Critical');
  await alerts
    .last()
    .getByText(/^3 similar alerts since .* were not repeated$/)
    .waitFor();
  await alerts.last().getByRole('button', { name: 'Acknowledge' }).click();
  await alerts.last().getByText('✓ Acknowledged by @Dana Reyes').waitFor();
  await alerts
    .last()
    .getByText(/^3 similar alerts since/)
    .waitFor();
  expect(await alerts.count()).toBe(2);

  const { controls } = cardOf(await dana.home(), channel);
  await controls.getByRole('button', { name: 'Activity' }).click();
  await dana.modal
    .getByText('3 events suppressed: similar alerts were sent or held not long before')
    .waitFor();
  await dana.modal.getByRole('button', { name: 'Close' }).first().click();

  await dana.advanceClock('+8 h');
  await dana.post('High');
  await dana.channel('customer-health');
  await expect.poll(() => alerts.count()).toBe(3);
  expect(await alerts.last().getByText('similar alert').count()).toBe(0);
});
