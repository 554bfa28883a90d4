import { expect } from 'vitest';
import { cardOf, editRules, inShort, save } from './support/home-page.ts';
import { test } from './support/test.ts';

const presets = [
  { channel: '#customer-health', preset: 'Everything', line: 'All events' },
  { channel: '#cs-escalations', preset: 'Escalations', line: 'Customer at risk · high and critical' },
  { channel: '#revenue-signals', preset: 'Revenue signals', line: 'Expansion signal, upsell opportunity' },
  { channel: '#billing-alerts', preset: 'Billing alerts', line: 'Billing retry failed' },
];

test('four channels with the four presets, and which alerts each gets', async ({ sandbox }) => {
  await sandbox.connect(...presets.map(({ channel }) => channel));
  const dana = await sandbox.open('dana');
  for (const { channel, preset, line } of presets) {
    const modal = await editRules(dana, channel);
    await modal.getByRole('button', { name: `${preset}: ` }).click();
    if (preset !== 'Everything') await inShort(modal, /gets (?!all events)/);
    await save(dana);
    await cardOf(await dana.home(), channel)
      .rules.getByText(line)
      .waitFor();
  }

  for (const button of ['Medium', 'High', 'Health score drop', 'Expansion signal', 'Billing retry failed'])
    await dana.post(button);

  const titles = async (channel: string) => {
    const messages = await dana.channel(channel.slice(1));
    return messages.getByTestId('attachment').locator('.block:first-child strong').allInnerTexts();
  };
  await expect.poll(() => titles('#customer-health')).toHaveLength(5);
  await expect.poll(() => titles('#cs-escalations')).toEqual(['Globex']);
  await expect.poll(() => titles('#revenue-signals')).toEqual(['Initech']);
  await expect.poll(() => titles('#billing-alerts')).toHaveLength(1);
});
