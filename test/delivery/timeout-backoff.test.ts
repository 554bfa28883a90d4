import { expect, test } from 'vitest';
import { createTimeoutBackoff } from '../../src/delivery/timeout-backoff.ts';
import type { Outcome } from '../../src/delivery/webhook/classify-response.ts';
import { minuteMs } from '../../src/lib/time.ts';

const timeout: Outcome = { kind: 'retry', error: 'timeout', lost: true, code: 'TIMEOUT' };
const refused: Outcome = { kind: 'retry', error: 'unreachable', lost: false, code: 'ECONNREFUSED' };
const noConnection: Outcome = { ...refused, code: 'UND_ERR_CONNECT_TIMEOUT' };

test.each([0, 0.5, 0.999])(
  'no pause comes near the 15 minutes that an alert may have to wait (chance: %f)',
  (chance) => {
    const backoff = createTimeoutBackoff(() => chance);
    for (let count = 0; count < 1000; count++)
      expect(backoff.pauseAfter('C1', timeout)).toBeLessThan(3 * minuteMs);
  },
);

test('each channel has its own count, which anything but a timeout resets', () => {
  const backoff = createTimeoutBackoff(() => 0.5);
  const pauses = (
    [
      ['C1', timeout],
      ['C1', noConnection],
      ['C2', timeout],
      ['C1', refused],
      ['C1', timeout],
      ['C2', { kind: 'sent' }],
      ['C2', timeout],
    ] as const
  ).map(([channelId, outcome]) => backoff.pauseAfter(channelId, outcome));
  expect(pauses).toEqual([1000, 5000, 1000, 0, 1000, 0, 1000]);
});
