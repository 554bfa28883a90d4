import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/** Time as an argument, so that tests control it. */
export type Clock = {
  now(): Date;
  /** Milliseconds since some instant, unaffected by changes of the wall clock. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds, or when `signal` is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** The longest delay of Node's timers; a longer one would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

/** Used for a delay of NaN, which would fire at once too and could spin. Milliseconds. */
const unknownDelayMs = 1000;

/** The machine's clock. Its sleeps do not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    // Many channels may sleep on one signal; Node warns of a leak above ten listeners.
    setMaxListeners(0, signal);
    const delay = Number.isNaN(ms) ? unknownDelayMs : Math.min(Math.max(ms, 0), maxTimerMs);
    return wait(delay, undefined, { signal, ref: false }).catch(() => undefined);
  },
};

export function later(clock: Pick<Clock, 'now'>, ms: number): Date {
  return new Date(clock.now().getTime() + ms);
}
