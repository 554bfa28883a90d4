import { type Clock, systemClock } from '../../../src/lib/clock.ts';

/** A clock that shows one instant until it is turned, for what must look the same every time. */
export function frozenClock(at: Date): Clock {
  return { ...systemClock, now: () => new Date(at) };
}
