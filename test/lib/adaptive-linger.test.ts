import { describe, expect, test } from 'vitest';
import { createAdaptiveLinger } from '../../src/lib/adaptive-linger.ts';

/** An event loop with this utilization in each span of 100 ms, measured at the end of each. */
function lingersAfter(...shares: number[]): number[] {
  let active = 0;
  let idle = 0;
  const utilization = ((
    now?: { active: number; idle: number },
    before?: { active: number; idle: number },
  ) => {
    if (now === undefined || before === undefined) return { active, idle, utilization: 0 };
    const worked = now.active - before.active;
    return { active: worked, idle: 0, utilization: worked / (worked + now.idle - before.idle) };
  }) as typeof performance.eventLoopUtilization;
  const rest = createAdaptiveLinger(utilization, () => active + idle);
  return shares.map((share) => {
    active += 100 * share;
    idle += 100 * (1 - share);
    return Math.round(rest());
  });
}

describe('the adaptive linger', () => {
  test.each([
    { share: 0, ms: 0 },
    { share: 0.6, ms: 0 },
    { share: 0.75, ms: 25 },
    { share: 0.9, ms: 50 },
    { share: 1, ms: 50 },
  ])('is $ms ms while the loop works $share of the time', ({ share, ms }) => {
    expect(lingersAfter(share)).toEqual([ms]);
  });

  test('measures since the previous measurement', () => {
    expect(lingersAfter(1, 0, 0.75)).toEqual([50, 0, 25]);
  });

  test('measures at most every 50 ms', () => {
    let asked = 0;
    let now = 0;
    const utilization = (() => {
      asked += 1;
      return { active: 0, idle: 0, utilization: 1 };
    }) as typeof performance.eventLoopUtilization;
    const rest = createAdaptiveLinger(utilization, () => now);
    const before = asked;
    for (now = 0; now < 50; now += 10) rest();
    expect(asked).toBe(before);
    now = 50;
    expect(rest()).toBe(50);
  });
});
