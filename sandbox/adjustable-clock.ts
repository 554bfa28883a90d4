import { type Clock, systemClock } from '../src/lib/clock.ts';

export type AdjustableClock = Clock & {
  readonly ahead: number;
  /** Every sleep that is over by then wakes at once. */
  forward(ms: number): void;
  /** Sleeps that were woken stay awake. */
  reset(): void;
};

/** @param clock the machine's clock, unless a test controls it too */
export function createAdjustableClock(clock: Clock = systemClock): AdjustableClock {
  let ahead = 0;
  let skipped = 0;
  let turned = new AbortController();

  const monotonic = () => clock.monotonic() + skipped;

  return {
    get ahead() {
      return ahead;
    },
    now: () => new Date(clock.now().getTime() + ahead),
    monotonic,
    async sleep(ms, signal) {
      const end = monotonic() + ms;
      for (let left = ms; left > 0 && !signal.aborted; left = end - monotonic()) {
        await clock.sleep(left, AbortSignal.any([signal, turned.signal]));
      }
    },
    forward(ms) {
      ahead += ms;
      skipped += ms;
      const before = turned;
      turned = new AbortController();
      before.abort();
    },
    reset() {
      ahead = 0;
    },
  };
}
