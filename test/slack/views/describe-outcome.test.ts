import { expect, test } from 'vitest';
import { connectionErrors } from '../../../src/delivery/webhook/client.ts';
import { suppressReasons } from '../../../src/domain/decide.ts';
import { describeReason } from '../../../src/slack/views/describe-outcome.ts';
import { endReasons } from '../../../src/store/deliveries/states.ts';

test.each([...suppressReasons, ...endReasons, ...connectionErrors, 'rate_limited'])(
  'the reason %s has words, and none of them says that Slack answered',
  (reason) => {
    expect(describeReason(reason)).toMatch(/^[a-zA-Z’ ,0-9]{10,}$/);
    expect(describeReason(reason)).not.toContain(reason.includes('_') ? reason : 'Slack answered');
    expect(describeReason(reason)).not.toContain('Slack answered');
  },
);

test.each([
  ['http_503', 'Slack had a fault of its own (HTTP 503)'],
  ['http_403', 'the answer was not Slack’s (HTTP 403)'],
  ['http_200', 'the answer was not Slack’s (HTTP 200)'],
  ['invalid_blocks', 'Slack answered invalid_blocks'],
  ['constructor', 'Slack answered constructor'],
  ['', 'for a reason that was not kept'],
])('%s is told as: %s', (reason, words) => {
  expect(describeReason(reason)).toBe(words);
});
