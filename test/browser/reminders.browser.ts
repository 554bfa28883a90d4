import { expect } from 'vitest';
import { editRules, inShort, save } from './support/home-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

test('a critical alert that nobody acknowledged is posted once more, and acknowledged in either message', async ({
  sandbox,
}) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  const modal = await editRules(dana, channel);
  await modal.getByRole('button', { name: 'Owners, repeats, reminders' }).click();
  await modal.getByRole('combobox', { name: 'Remind of critical alerts' }).click();
  await dana.page.getByRole('option', { name: 'After 1 hour' }).click();
  await inShort(modal, 'it is posted once more after 1 hour');
  await save(dana);

  await dana.post('Critical');
  const messages = await dana.channel('customer-health');
  const alerts = messages.filter({ hasText: 'Globex' });
  await expect.poll(() => alerts.count()).toBe(1);
  await dana.page.getByRole('button', { name: '+1 h' }).click();
  await messages.getByText('⏰ Still open for 1 hour').waitFor();
  await expect.poll(() => alerts.count()).toBe(2);
  await alerts.last().getByRole('button', { name: 'Acknowledge' }).click();
  await alerts.last().getByText('✓ Acknowledged by @Dana Reyes').waitFor();
  // The other message shows it once somebody uses that one.
  await alerts.first().getByRole('button', { name: 'Acknowledge' }).click();
  await alerts.first().getByText('✓ Acknowledged by @Dana Reyes').waitFor();

  await dana.page.getByRole('button', { name: '+8 h' }).click();
  await dana.post('High');
  await expect.poll(() => alerts.count()).toBe(3);
  expect(await messages.getByText('Still open').count()).toBe(0);
});
