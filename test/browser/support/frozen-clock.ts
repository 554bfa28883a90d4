import { type Clock, systemClock } from '../../../src/lib/clock.ts';

/** Stands still until it is advanced, for what must look the same every time. */
export function frozenClock(at: Date): Clock {
  return { ...systemClock, now: () => new Date(at) };
}
