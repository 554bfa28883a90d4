import { setMaxListeners } from 'node:events';
import { setImmediate as tick } from 'node:timers/promises';
import type { Clock } from '../../src/lib/clock.ts';

type Sleeper = { at: number; wake: () => void };

/** Stands still until it is advanced. */
export type FakeClock = Clock & {
  /** The durations of all sleeps so far. Milliseconds. */
  readonly sleeps: number[];
  /** Wakes each sleeper when it is due, and lets its work run before the next. */
  advance(ms: number): Promise<void>;
};

/** A few turns of the event loop, enough for work without input or output. */
async function flush(): Promise<void> {
  for (let count = 0; count < 5; count++) await tick();
}

/** @param start far ahead, so that nothing has expired by the database's clock */
export function createFakeClock(start = new Date('2096-03-05T14:00:00Z')): FakeClock {
  let now = start.getTime();
  let sleepers: Sleeper[] = [];
  const sleeps: number[] = [];

  return {
    sleeps,
    now: () => new Date(now),
    monotonic: () => now,
    sleep(ms, signal) {
      sleeps.push(ms);
      setMaxListeners(0, signal);
      return new Promise((resolve) => {
        const wake = () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { at: now + Math.max(0, ms), wake };
        sleepers.push(sleeper);
        if (signal.aborted) wake();
        else signal.addEventListener('abort', wake);
      });
    },
    async advance(ms) {
      const until = now + ms;
      await flush();
      for (;;) {
        const [next] = sleepers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        next.wake();
        await flush();
      }
      now = until;
    },
  };
}
