import { getEventListeners } from 'node:events';
import { setImmediate as tick } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';

test('fifty may sleep on one signal: its abort wakes them all, and Node sees no leak', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const end = new AbortController();
  const sleeps = Array.from({ length: 50 }, () => systemClock.sleep(60_000, end.signal));
  await tick();
  end.abort();
  await Promise.all(sleeps);
  process.off('warning', note);
  expect(warnings).toEqual([]);
  expect(getEventListeners(end.signal, 'abort')).toEqual([]);
});

test('a sleep that ended leaves nothing behind', async () => {
  const { signal } = new AbortController();
  // The sleep does not keep the process alive, so something else has to.
  const awake = setInterval(() => {}, 1000);
  await systemClock.sleep(1, signal);
  clearInterval(awake);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15, 2 ** 31])(
  'a sleep of %s ms does not fire at once',
  async (ms) => {
    vi.useFakeTimers();
    try {
      const end = new AbortController();
      let isOver = false;
      const sleeping = systemClock.sleep(ms, end.signal).then(() => {
        isOver = true;
      });
      await vi.advanceTimersByTimeAsync(900);
      expect(isOver).toBe(false);
      end.abort();
      await sleeping;
    } finally {
      vi.useRealTimers();
    }
  },
);
