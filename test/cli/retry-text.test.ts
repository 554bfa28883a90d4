import { expect, test } from 'vitest';
import { toRetryText } from '../../src/cli/retry-text.ts';

test.each([
  [{ alerts: 0, reminders: 0 }, 'Nothing to retry: none of these has failed.'],
  [{ alerts: 1, reminders: 0 }, 'One alert is pending again and will be sent within a minute.'],
  [
    { alerts: 2, reminders: 1 },
    '2 alerts are pending again and will be sent within a minute. One reminder is decided again, and will be sent within a minute if the alert is still open.',
  ],
  [
    { alerts: 0, reminders: 3 },
    '3 reminders are decided again, and will be sent within a minute if the alert is still open.',
  ],
])('a retry of %o says what comes of it', (replayed, text) => {
  expect(toRetryText(replayed)).toBe(text);
});
