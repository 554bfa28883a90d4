import type { Clock } from './clock.ts';

const resolutionMs = 10;

/** Resolves at that instant, or at most 10 ms later. */
export type WaitUntil = (instant: Date) => Promise<void>;

/** @param signal ends every wait */
export function createSharedTimers(clock: Pick<Clock, 'now' | 'sleep'>, signal: AbortSignal): WaitUntil {
  const timers = new Map<number, Promise<void>>();
  return (instant) => {
    const end = Math.ceil(instant.getTime() / resolutionMs) * resolutionMs;
    const existing = timers.get(end);
    if (existing !== undefined) return existing;
    const timer = clock.sleep(end - clock.now().getTime(), signal).finally(() => timers.delete(end));
    timers.set(end, timer);
    return timer;
  };
}
