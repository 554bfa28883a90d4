import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryDelay, retryDelays } from '../../src/delivery/retry-schedule.ts';
import { hourMs } from '../../src/lib/time.ts';

describe('the retry schedule', () => {
  test('is the one of the design: ten retries in about 28 hours', () => {
    const delays = retryDelays.map((_, index) => retryDelay(index, () => 0.5));
    expect(delays).toEqual([
      1000,
      5000,
      30_000,
      120_000,
      600_000,
      1_800_000,
      2 * hourMs,
      5 * hourMs,
      10 * hourMs,
      10 * hourMs,
    ]);
    expect(Math.round(retryDelays.reduce((sum, delay) => sum + delay) / hourMs)).toBe(28);
  });

  test('ends after the tenth', () => {
    expect(retryDelay(10, () => 0.5)).toBeUndefined();
  });

  test('jitter changes a delay by at most a fifth, either way', () => {
    fc.assert(
      fc.property(
        fc.nat(9),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failedBefore, chance) => {
          const planned = retryDelays[failedBefore] ?? 0;
          const delay = retryDelay(failedBefore, () => chance) ?? 0;
          expect(Math.abs(delay - planned)).toBeLessThanOrEqual(planned * 0.2 + 1);
        },
      ),
    );
    expect(retryDelay(0, () => 0)).toBe(800);
    expect(retryDelay(0, () => 0.999_999)).toBe(1200);
  });
});
