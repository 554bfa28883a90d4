import { expect, test } from 'vitest';
import { readRulesForm } from '../../../src/slack/views/read-rules-form.ts';
import type { RulesMetadata } from '../../../src/slack/views/rules-modal.ts';

const hidden = { mentionOwner: 'always', repeatAfter: '1_day', remindAfter: '1_hour' } as const;

const metadata: RulesMetadata = {
  ...hidden,
  channelId: 'T0ACMECS001:C0HEALTH001',
  version: 1,
  base: '',
  generation: 0,
  group: 'hours',
  groupChanges: 0,
  timing: 'at_once',
  owners: [],
  scoreDelta: '0',
  hours: { timeZone: null, days: [], start: null, end: null, calendar: null, exceptions: '' },
};

function read(choices: Readonly<Record<string, string>>) {
  const all = { riskThreshold: 'low', timing: 'at_once', ...choices };
  const values = Object.entries(all).map(([field, value]) => [
    `${field} 0`,
    { rules_field: { type: 'static_select', selected_option: { value } } },
  ]);
  return readRulesForm({
    private_metadata: JSON.stringify(metadata),
    state: { values: Object.fromEntries(values) },
  });
}

test('fields that are hidden keep their values', () => {
  expect(read({}).draft).toMatchObject(hidden);
});

test.each([
  ['mentionOwner', 'never'],
  ['repeatAfter', '7_days'],
  ['remindAfter', '4_hours'],
])('the choice of %s is read, unless this version does not know it', (field, choice) => {
  expect(read({ [field]: choice }).draft).toMatchObject({ ...hidden, [field]: choice });
  expect(() => read({ [field]: 'other' })).toThrowError(expect.objectContaining({ code: 'form_unreadable' }));
});
