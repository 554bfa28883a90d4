import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { editRules, inShort, pick } from './support/home-page.ts';
import type { SlackPage } from './support/slack-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

/** Waits until the preview is there, which is the last thing to be added. @returns 1 if nothing has to be scrolled */
async function screensOf(modal: Locator, preview = /Over the last 7 days/): Promise<number> {
  await modal.locator('.context').filter({ hasText: preview }).waitFor();
  return Number(
    await modal
      .locator('.modal-body')
      .evaluate(
        (body: { scrollHeight: number; clientHeight: number }) => body.scrollHeight / body.clientHeight,
      ),
  );
}

/** Enough events that the preview names as many as it can. */
async function postEvents(who: SlackPage): Promise<void> {
  for (const button of [
    'High',
    'Medium',
    'Low',
    'Health score drop',
    'Expansion signal',
    'Upsell opportunity',
  ])
    await who.post(button);
}

/** @param isSet waits for it */
async function choose(modal: Locator, field: string, option: string, isSet: string): Promise<void> {
  await modal.getByRole('combobox', { name: field }).click();
  await modal.page().getByRole('option', { name: option }).click();
  await inShort(modal, isSet);
}

test('the rules fit two screens, whichever of them are set and shown', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana', { viewport: { width: 1400, height: 900 } });
  await postEvents(dana);
  const modal = await editRules(dana, channel);
  const show = (group: string) => modal.getByRole('button', { name: group }).click();
  const lengths: Record<string, number> = { default: await screensOf(modal) };

  await show('Owners, repeats, reminders');
  await modal.getByRole('combobox', { name: 'Similar alerts' }).waitFor();
  lengths['rare rules'] = await screensOf(modal);
  await show('Show fewer rules');

  for (const [name, timing] of [
    ['business hours', 'Outside business hours: one digest afterwards'],
    ['daily digest', 'One digest a day'],
  ] as const) {
    await modal.getByRole('radio', { name: timing }).check();
    if (name === 'business hours') await pick(modal, 'Time zone', 'Berlin');
    await inShort(modal, name === 'business hours' ? 'Alerts are sent Mon–Fri' : 'one digest a day');
    lengths[name] = await screensOf(modal);
  }

  await modal.getByRole('radio', { name: 'Outside business hours: one digest afterwards' }).check();
  await modal.getByRole('checkbox', { name: 'Upsell opportunity' }).uncheck();
  await modal.getByRole('textbox', { name: 'Smallest health score drop' }).fill('15');
  await choose(modal, 'Risk level', 'High and critical', 'of high and critical risk');
  await show('Holidays and other hours');
  await pick(modal, 'Public holidays', 'Germany, Bayern');
  await modal.getByRole('textbox', { name: 'Other hours' }).fill('Fri 09:00–15:00\n24 Dec 2026 until 13:00');
  await inShort(modal, 'Fri 09:00–15:00');
  lengths['all set, holidays'] = await screensOf(modal);

  await show('Owners, repeats, reminders');
  await pick(modal, 'Only customers of these owners', 'Ana');
  await choose(modal, 'Mention the owner', 'Always', 'Owners are always mentioned');
  await choose(modal, 'Similar alerts', 'Not again within 6 hours', 'within 6 hours');
  await choose(modal, 'Remind of critical alerts', 'After 1 hour', 'once more after 1 hour');
  lengths['all set, rare rules'] = await screensOf(modal);

  await show('Days and times');
  await modal.getByRole('combobox', { name: 'Time zone' }).waitFor();
  lengths['all set, hours'] = await screensOf(modal);

  const channels = sandbox.demo.db.collection('channels');
  await channels.updateOne({}, { $inc: { version: 1 }, $set: { 'rules.riskThreshold': 'critical' } });
  await modal.getByRole('button', { name: 'Save' }).click();
  await modal.getByText('changed these rules while you were editing them').waitFor();
  lengths['all set, changed by someone else'] = await screensOf(modal);

  expect(Object.entries(lengths).filter(([, screens]) => screens > 2)).toEqual([]);
});
