import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { cardOf, editRules, inShort, pick, save } from './support/home-page.ts';
import type { SlackPage } from './support/slack-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

/** The clicks that docs/tasks.md says a task takes. */
function clicksOf(task: string): number {
  const documented = readFileSync(new URL('../../docs/tasks.md', import.meta.url), 'utf8');
  const line = documented.split('\n').find((each) => each.startsWith(`| ${task}`));
  return Number(line?.split('|').at(-2));
}

/** Typing does not count, but focusing a field counts as a click. */
async function countClicks({ page }: SlackPage, work: () => Promise<void>): Promise<number> {
  await page.evaluate(
    `globalThis.clicks ?? addEventListener('pointerdown', () => { globalThis.clicks += 1 }, true); globalThis.clicks = 0;`,
  );
  await work();
  return Number(await page.evaluate('globalThis.clicks'));
}

test('critical alerts at once, everything else on Monday morning, only my accounts', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  await dana.post('High');
  await dana.home();
  const clicks = await countClicks(dana, async () => {
    const modal = await editRules(dana, channel);
    await modal.getByRole('radio', { name: 'One digest a day' }).check();
    await pick(modal, 'Time zone', 'Berlin');
    await inShort(modal, 'Berlin');
    for (const day of ['Tue', 'Wed', 'Thu', 'Fri']) {
      const remove = modal.getByRole('button', { name: `Remove ${day}` });
      await remove.click();
      await remove.waitFor({ state: 'detached' });
    }
    await inShort(modal, 'Mon 09:00');
    await modal.getByRole('button', { name: 'Owners, repeats, reminders' }).click();
    await pick(modal, 'Only customers of these owners', 'Ana');
    await inShort(modal, 'only customers of one owner');
    await save(dana);
  });
  await cardOf(await dana.home(), channel)
    .rules.getByText(/Mon 09:00/)
    .waitFor();
  expect(clicks).toBe(clicksOf('Critical alerts at once'));
});

test('one digest a day at nine', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  await dana.home();
  const clicks = await countClicks(dana, async () => {
    const modal = await editRules(dana, channel);
    await modal.getByRole('radio', { name: 'One digest a day' }).check();
    await pick(modal, 'Time zone', 'Berlin');
    await inShort(modal, '09:00');
    await save(dana);
  });
  expect(clicks).toBe(clicksOf('One digest a day'));
});

test('mute a customer until a date, with a reason', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  await dana.post('Health score drop');
  const alert = (await dana.channel('customer-health')).filter({ hasText: 'Acme Corp' });
  await alert.waitFor();
  const clicks = await countClicks(dana, async () => {
    await alert.getByRole('button', { name: 'Mute customer…' }).click();
    await dana.modal.getByRole('radio', { name: 'Until a date…' }).check();
    const until = dana.modal.getByLabel('Until', { exact: true });
    await until.click();
    await until.fill('2096-03-01T09:00');
    const reason = dana.modal.getByLabel('Reason');
    await reason.click();
    await reason.fill('Renewal is being negotiated');
    await save(dana, 'Mute');
  });
  await alert.getByText('Reason: Renewal is being negotiated').waitFor();
  expect(clicks).toBe(clicksOf('Mute Acme until March'));
});

test('see who owns a customer, and have them mentioned', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  await dana.post('High');
  const messages = await dana.channel('customer-health');
  await messages.last().getByText('Owner: Ana Sousa').waitFor();
  const clicks = await countClicks(dana, async () => {
    await (await dana.home()).getByRole('button', { name: 'People' }).click();
    const picker = dana.modal.getByRole('combobox').first();
    await picker.click();
    await picker.pressSequentially('Milo');
    await dana.page.getByRole('option', { name: /Milo/ }).first().click();
    await dana.modal.getByRole('button', { name: 'Remove the Slack user of Ana Sousa' }).waitFor();
    await dana.modal.getByRole('button', { name: 'Close' }).last().click();
  });
  await dana.post('Critical');
  await dana.channel('customer-health');
  await messages.last().getByTestId('attachment').getByText('Owner: @Milo Park').waitFor();
  expect(clicks).toBe(clicksOf('Who owns Globex'));
});

test('be reminded after an hour', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  await dana.home();
  const clicks = await countClicks(dana, async () => {
    const modal = await editRules(dana, channel);
    await modal.getByRole('button', { name: 'Owners, repeats, reminders' }).click();
    await modal.getByRole('combobox', { name: 'Remind of critical alerts' }).click();
    await dana.page.getByRole('option', { name: 'After 1 hour' }).click();
    await inShort(modal, 'it is posted once more after 1 hour');
    await save(dana);
  });
  expect(clicks).toBe(clicksOf('Remind us after an hour'));
});
