import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/** Time as an argument, so that a test can turn it. */
export type Clock = {
  now(): Date;
  /** Milliseconds since some instant: for how long something took, whatever is done to the wall clock. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` is or becomes aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** The longest that a timer of Node takes; a longer one would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

/** For a delay that is no number, which would fire at once too: nothing spins on it. Milliseconds. */
const unknownDelayMs = 1000;

/** The machine's own clock. Its sleeps do not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    // Many channels may sleep on one signal; Node warns of a leak at the eleventh.
    setMaxListeners(0, signal);
    const delay = Number.isNaN(ms) ? unknownDelayMs : Math.min(Math.max(ms, 0), maxTimerMs);
    return wait(delay, undefined, { signal, ref: false }).catch(() => undefined);
  },
};

/** The instant `ms` milliseconds after now. */
export function later(clock: Pick<Clock, 'now'>, ms: number): Date {
  return new Date(clock.now().getTime() + ms);
}
