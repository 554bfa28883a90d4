import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { createPendingWork } from '../lib/pending-work.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { Scheduler } from './scheduler.ts';

export type DigestSchedule = {
  /** Plans a call of `open` at each of these instants. Recovery does what fails here. */
  plan(instants: readonly Date[]): void;
  /** Serves the channels that opened at `at` or before. */
  open(at: Date): Promise<void>;
  stop(): Promise<void>;
};

/** The job only says when to look; the deliveries say which channels hold something. */
export function createDigestSchedule(parts: {
  deliveries: Pick<DeliveryStore, 'listOpened'>;
  scheduler: Pick<Scheduler, 'planOpening'> | undefined;
  wake: (channelIds: readonly string[]) => void;
  clock: Pick<Clock, 'now' | 'sleep'>;
  logger: Logger;
}): DigestSchedule {
  const { deliveries, scheduler, wake, clock, logger } = parts;
  const planned = new Set<number>();
  const pending = createPendingWork();
  const stopped = new AbortController();

  async function planOne(at: Date): Promise<void> {
    try {
      await scheduler?.planOpening(at);
    } catch (error) {
      planned.delete(at.getTime());
      logger.warn({ err: error, at }, 'an opening was not planned and is left to recovery');
    }
  }

  /** Waits again if the timer fired early, when nothing is due yet. */
  async function waitUntil(at: Date): Promise<void> {
    while (clock.now() < at && !stopped.signal.aborted)
      await clock.sleep(at.getTime() - clock.now().getTime(), stopped.signal);
  }

  return {
    plan(instants) {
      for (const at of instants) {
        if (planned.has(at.getTime())) continue;
        for (const past of planned) if (past < clock.now().getTime()) planned.delete(past);
        planned.add(at.getTime());
        void pending.track(planOne(at));
      }
    },

    async open(at) {
      await waitUntil(at);
      let channels = 0;
      for await (const opened of deliveries.listOpened(clock.now())) {
        if (stopped.signal.aborted) return;
        const channelIds = [...new Set(opened.map(({ channelId }) => channelId))];
        wake(channelIds);
        channels += channelIds.length;
      }
      logger.info({ at, channels }, 'business hours opened');
    },

    async stop() {
      stopped.abort();
      await pending.settled();
    },
  };
}
