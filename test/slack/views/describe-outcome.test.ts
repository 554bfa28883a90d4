import { expect, test } from 'vitest';
import { toPluralReasonText } from '../../../src/channels/reason-text.ts';
import { connectionErrors } from '../../../src/delivery/webhook/error-words.ts';
import { suppressReasons } from '../../../src/domain/decide.ts';
import { describeOutcome, describeReason } from '../../../src/slack/views/describe-outcome.ts';
import type { Channel } from '../../../src/store/channels/document.ts';
import { endReasons } from '../../../src/store/deliveries/states.ts';
import { sampleEvent } from '../../support/sample-events.ts';

const at = new Date('2096-03-02T14:05:00Z');
const waitEnd = new Date('2096-03-02T14:20:00Z');
const pending = {
  event: sampleEvent('seed-example'),
  receivedAt: at,
  position: 1,
  outcome: 'pending',
  reason: null,
  at,
  inDigest: false,
  deliveryId: 'delivery',
  acknowledgedBy: null,
  undoneBy: null,
  remindedAt: null,
} as const;
const waits = { since: at, reason: 'rate_limited', waitsUntil: waitEnd, waits: 1 };

test.each<[string, string | null, Partial<Channel>, RegExp]>([
  ['new', null, {}, /^📨 On its way$/],
  [
    'to be tried again',
    'timeout',
    {},
    /^📨 Next attempt: .*14:05 UTC>; last error: Slack did not answer in time$/,
  ],
  [
    'new, while Slack asks to wait',
    null,
    { trouble: waits },
    /^📨 Slack asked to wait. Next attempt: .*14:20 UTC>$/,
  ],
  [
    'to be tried again, while Slack asks to wait',
    'timeout',
    { trouble: waits },
    /^📨 Slack asked to wait. Next attempt: .*14:20 UTC>$/,
  ],
  [
    'to be tried again after the end of a wait',
    'timeout',
    { trouble: { ...waits, waitsUntil: new Date('2096-03-02T14:04:00Z') } },
    /^📨 Next attempt: .*14:05 UTC>; last error: Slack did not answer in time$/,
  ],
  [
    'without a readable webhook',
    'timeout',
    { hasUnreadableWebhook: true },
    /^⚠️ On hold: the webhook cannot be read/,
  ],
  ['in a broken channel', null, { status: 'broken' }, /^⚠️ Held until the channel works again$/],
])('a pending alert that is %s', (_, reason, channel, words) => {
  expect(describeOutcome({ ...pending, reason }, { status: 'active', ...channel })).toMatch(words);
});

test.each([...suppressReasons, ...endReasons, ...connectionErrors, 'rate_limited'])(
  'the reason %s has a text, and none of them names an answer',
  (reason) => {
    expect(describeReason(reason)).toMatch(/^[a-zA-Z’ ,0-9]{10,}$/);
    expect(describeReason(reason)).not.toContain(reason.includes('_') ? reason : 'the answer was');
    expect(describeReason(reason)).not.toContain('the answer was');
  },
);

test.each(suppressReasons)('the reason %s has a text for several events', (reason) => {
  expect(toPluralReasonText(reason)).not.toMatch(/\b(this event|its|it)\b/);
});

test.each([
  ['http_503', 'Slack or a server on the way to it had an error (HTTP 503)'],
  ['http_413', 'the message was too large (HTTP 413)'],
  ['http_403', 'the answer did not come from Slack (HTTP 403)'],
  ['http_200', 'the answer did not come from Slack (HTTP 200)'],
  ['invalid_blocks', 'Slack did not accept the message (invalid_blocks)'],
  ['internal_error', 'Slack had an internal error (internal_error)'],
  ['something_new', 'the answer was something_new'],
  ['constructor', 'the answer was constructor'],
  ['', 'the reason is unknown'],
])('%s is shown as: %s', (reason, words) => {
  expect(describeReason(reason)).toBe(words);
});
