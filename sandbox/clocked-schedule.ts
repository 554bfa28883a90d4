import type { Logger } from 'pino';
import type { Clock } from '../src/clock.ts';
import type { Schedule } from '../src/delivery/schedule.ts';

const minute = 60_000;

/** A schedule for one process that goes by a clock which can be turned: the sweep once a minute. */
export function createClockedSchedule({ clock, logger }: { clock: Clock; logger: Logger }): Schedule {
  const stopped = new AbortController();
  let sweeping: Promise<void> = Promise.resolve();

  return {
    async start(sweep) {
      const run = async () => {
        for (;;) {
          await clock.sleep(minute, stopped.signal);
          if (stopped.signal.aborted) return;
          await sweep().catch((error: unknown) => logger.error({ err: error }, 'the sweep failed'));
        }
      };
      sweeping = run();
    },
    async stop() {
      stopped.abort();
      await sweeping;
    },
  };
}
