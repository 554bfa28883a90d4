import { type Clock, systemClock } from '../../../src/lib/clock.ts';

/** Runs `factor` times as fast as the machine's, so that the tests do not wait for a channel's pace. */
export function createFastClock(factor: number): Clock {
  const start = { now: systemClock.now().getTime(), monotonic: systemClock.monotonic() };
  const passed = () => (systemClock.monotonic() - start.monotonic) * factor;
  return {
    now: () => new Date(start.now + passed()),
    monotonic: () => start.monotonic + passed(),
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}
