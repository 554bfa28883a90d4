import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

export type Clock = {
  now(): Date;
  /** Milliseconds since some instant, unaffected by changes of the wall clock. */
  monotonic(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** Node fires a timer with a longer delay than this at once. */
const maxTimerMs = 2 ** 31 - 1;

/** Replaces a delay of NaN, which would fire at once too and could spin. */
const unknownDelayMs = 1000;

/** Clock whose sleeps do not keep the process alive. */
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
