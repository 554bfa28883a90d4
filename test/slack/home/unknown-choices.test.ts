import { expect, test } from 'vitest';
import { defaultRules } from '../../../src/domain/rules.ts';
import { businessHours } from '../../support/business-hours.ts';
import { setupHome } from '../../support/setup-home.ts';

const timing = businessHours({ timeZone: 'Europe/Berlin', days: ['mon'], start: '09:00', end: '17:00' });
const { dana, channels } = setupHome({
  managers: 'everyone',
  rules: { ...defaultRules, riskThreshold: 'high', timing },
});

/** As if another version of the app had built the form, with a choice that this one does not have. */
function replaceChoice(field: string): void {
  const values = dana.modal()?.values ?? {};
  for (const [blockId, actions] of Object.entries(values))
    if (blockId.split(' ')[0] === field)
      values[blockId] = JSON.parse(JSON.stringify(actions).replace(/"value":"\w+"/, '"value":"other"'));
}

test.each([
  ['eventTypes', 'channel_edit_rules', 'In short', undefined],
  ['riskThreshold', 'channel_edit_rules', 'In short', undefined],
  ['timing', 'channel_edit_rules', 'In short', undefined],
  ['days', 'channel_edit_rules', 'In short', undefined],
  ['pause', 'channel_pause', 'How long', undefined],
  ['kind', 'channel_menu', 'Managers can change the rules', 'managers'],
])('a choice that this version does not know saves nothing: %s', async (field, actionId, words, choice) => {
  await dana.press(actionId, words, choice);
  const before = await channels().findOne({});
  replaceChoice(field);
  await dana.submit();
  expect(dana.modalText()).toContain('Not saved.');
  expect(await channels().findOne({})).toEqual(before);
});
