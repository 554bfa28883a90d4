import { setImmediate as tick } from 'node:timers/promises';
import { type AdjustableClock, createAdjustableClock } from '../../sandbox/adjustable-clock.ts';
import { createClockScheduler } from '../../sandbox/clock-scheduler.ts';
import type { Scheduler } from '../../src/delivery/scheduler.ts';
import { minuteMs } from '../../src/lib/time.ts';
import { createLogger } from '../../src/ops/log.ts';

/** A clock that is advanced step by step, for an app that is started with this scheduler. */
export function createStepClock(): {
  clock: AdjustableClock;
  scheduler: Scheduler;
  /** Resolves when recovery has run at the new time. @param ms at least a minute */
  advance(ms: number): Promise<void>;
  /** Resolves when recovery is not running. */
  idle(): Promise<void>;
} {
  const clock = createAdjustableClock();
  const scheduler = createClockScheduler({ clock, logger: createLogger({ level: 'silent' }) });
  let current = Promise.resolve();
  let onBegin = () => {};
  return {
    clock,
    scheduler: {
      ...scheduler,
      start: (work) =>
        scheduler.start({
          ...work,
          recover() {
            const run = work.recover();
            current = run.catch(() => {});
            onBegin();
            return run;
          },
        }),
    },
    idle: () => current,
    async advance(ms) {
      await current;
      // The scheduler sleeps again.
      await tick();
      const next = new Promise<void>((resolve) => {
        onBegin = resolve;
      });
      clock.forward(Math.max(ms, minuteMs));
      await next;
      await current;
    },
  };
}
