import { describe, expect, test } from 'vitest';
import { later } from '../../src/lib/clock.ts';
import { createSharedTimers } from '../../src/lib/shared-timers.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('shared timers', () => {
  test('waits that end within the same 10 ms share a timer, and none ends early', async () => {
    const clock = createFakeClock();
    const waitUntil = createSharedTimers(clock, new AbortController().signal);
    const ended: number[] = [];
    for (const ms of [991, 995, 1000, 1001]) void waitUntil(later(clock, ms)).then(() => ended.push(ms));
    expect(clock.sleeps).toEqual([1000, 1010]);
    await clock.advance(999);
    expect(ended).toEqual([]);
    await clock.advance(1);
    expect(ended).toEqual([991, 995, 1000]);
    await clock.advance(10);
    expect(ended).toEqual([991, 995, 1000, 1001]);
  });

  test('a timer that has ended is not shared any more', async () => {
    const clock = createFakeClock();
    const waitUntil = createSharedTimers(clock, new AbortController().signal);
    const instant = later(clock, 1000);
    void waitUntil(instant);
    await clock.advance(1000);
    let isOver = false;
    void waitUntil(instant).then(() => {
      isOver = true;
    });
    await clock.advance(0);
    expect({ isOver, sleeps: clock.sleeps }).toEqual({ isOver: true, sleeps: [1000, 0] });
  });

  test('the signal ends every wait', async () => {
    const clock = createFakeClock();
    const stopping = new AbortController();
    const waitUntil = createSharedTimers(clock, stopping.signal);
    const waits = [waitUntil(later(clock, 1000)), waitUntil(later(clock, 3_600_000))];
    stopping.abort();
    await expect(Promise.all(waits)).resolves.toHaveLength(2);
  });
});
