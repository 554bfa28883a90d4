import { setMaxListeners } from 'node:events';
import { setImmediate as settle } from 'node:timers/promises';
import type { Clock } from '../../src/lib/clock.ts';

type Sleeper = { at: number; wake: () => void };

/** A clock that stands still until it is turned; it remembers the sleeps that were asked for. */
export type FakeClock = Clock & {
  /** Milliseconds of every sleep so far. */
  readonly sleeps: number[];
  /** Moves time on, waking each sleeper at its instant and letting its work run before the next. */
  advance(ms: number): Promise<void>;
};

/** A few turns of the event loop, for work that is not of the outside world. */
async function letWorkRun(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await settle();
}

/** @param start far ahead, else a database finds that what is written with it has expired, and deletes it */
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
      await letWorkRun();
      for (;;) {
        const [next] = sleepers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        next.wake();
        await letWorkRun();
      }
      now = until;
    },
  };
}
