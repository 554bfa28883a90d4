import { expect, test } from 'vitest';
import { toErrorClass } from '../../src/ops/error-class.ts';

test.each([
  [null, 'send', 'none'],
  ['connection_lost', 'postpone', 'network'],
  ['unreachable', 'fail', 'network'],
  ['timeout', 'loseAnswer', 'network'],
  ['http_503', 'postpone', 'http_5xx'],
  ['http_418', 'fail', 'http_4xx'],
  ['http_200', 'fail', 'http_2xx'],
  ['http_302', 'postpone', 'http_3xx'],
  ['rollup_error', 'postpone', 'slack'],
  ['a_word_that_nobody_knows', 'fail', 'slack'],
  ['event_expired', 'fail', 'event_expired'],
  ['event_missing', 'fail', 'event_missing'],
  ['disconnected', 'abandon', 'disconnected'],
  ['customer_muted', 'drop', 'rules'],
  ['below_risk_threshold', 'drop', 'rules'],
] as const)('%s at %s counts as %s', (error, transition, expected) => {
  expect(toErrorClass(error, transition)).toBe(expected);
});
