import { expect, test } from 'vitest';
import { toPluralReasonText } from '../../../src/channels/reason-text.ts';
import { connectionErrors } from '../../../src/delivery/webhook/client.ts';
import { suppressReasons } from '../../../src/domain/decide.ts';
import { describeReason } from '../../../src/slack/views/describe-outcome.ts';
import { endReasons } from '../../../src/store/deliveries/states.ts';

test.each([...suppressReasons, ...endReasons, ...connectionErrors, 'rate_limited'])(
  'the reason %s has a text, and none of them says that Slack answered',
  (reason) => {
    expect(describeReason(reason)).toMatch(/^[a-zA-Z’ ,0-9]{10,}$/);
    expect(describeReason(reason)).not.toContain(reason.includes('_') ? reason : 'Slack answered');
    expect(describeReason(reason)).not.toContain('Slack answered');
  },
);

test.each(suppressReasons)('the reason %s has a text for several events', (reason) => {
  expect(toPluralReasonText(reason)).not.toMatch(/\b(this event|its|it)\b/);
});

test.each([
  ['http_503', 'Slack had an internal error (HTTP 503)'],
  ['http_403', 'the answer did not come from Slack (HTTP 403)'],
  ['http_200', 'the answer did not come from Slack (HTTP 200)'],
  ['invalid_blocks', 'Slack answered invalid_blocks'],
  ['constructor', 'Slack answered constructor'],
  ['', 'the reason is unknown'],
])('%s is shown as: %s', (reason, words) => {
  expect(describeReason(reason)).toBe(words);
});
