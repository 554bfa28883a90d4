import type { Logger } from 'pino';
import type { ScheduledWork, Scheduler } from '../src/delivery/scheduler.ts';
import type { Clock } from '../src/lib/clock.ts';
import { createPendingWork } from '../src/lib/pending-work.ts';
import { minuteMs } from '../src/lib/time.ts';

/** Instead of Agenda, which uses the machine's clock; for a single process. */
export function createClockScheduler({
  clock,
  logger,
}: {
  clock: Pick<Clock, 'now' | 'sleep'>;
  logger: Logger;
}): Scheduler {
  const stopped = new AbortController();
  const planned = new Set<number>();
  const pending = createPendingWork();
  let work: ScheduledWork | undefined;

  async function recoverEveryMinute({ recover }: ScheduledWork): Promise<void> {
    for (;;) {
      await clock.sleep(minuteMs, stopped.signal);
      if (stopped.signal.aborted) return;
      await recover().catch((error: unknown) => logger.error({ err: error }, 'recovery failed'));
    }
  }

  async function openAt(at: Date, { open }: ScheduledWork): Promise<void> {
    await clock.sleep(at.getTime() - clock.now().getTime(), stopped.signal);
    planned.delete(at.getTime());
    if (stopped.signal.aborted) return;
    await open(at).catch((error: unknown) => logger.error({ err: error, at }, 'an opening failed'));
  }

  return {
    async start(given) {
      work = given;
      void pending.track(recoverEveryMinute(given));
    },
    async planOpening(at) {
      if (work === undefined) throw new Error('Nothing can be planned yet.');
      if (planned.has(at.getTime())) return;
      planned.add(at.getTime());
      void pending.track(openAt(at, work));
    },
    async stop() {
      stopped.abort();
      await pending.settled();
    },
  };
}
