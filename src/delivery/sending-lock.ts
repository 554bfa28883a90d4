import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { createPendingWork } from '../lib/pending-work.ts';
import type { LeaseStore } from '../store/leases.ts';
import { slackPaceMs } from './retry-schedule.ts';

/** Lets a channel's first message keep the pace of its alerts. */
export type SendingLock = {
  /**
   * Runs `work`, which posts one message to the channel; nothing else is posted until the pace allows it. `acquired` is
   * false when the channel stayed busy: another message may be under way beside it. Work that takes longer than a lease
   * asks `renew` in between, which says whether it still is alone.
   */
  withSendingPaused<T>(
    channelId: string,
    work: (acquired: boolean, renew: () => Promise<boolean>) => Promise<T>,
  ): Promise<T>;
  /** Ends the rests after the messages. */
  stop(): Promise<void>;
};

/** How long it waits for a channel that is being served just then, and how often it asks. Milliseconds. */
const maxWaitMs = 3000;
const pollMs = 200;

/**
 * Keeps a channel's other senders away: those of all processes with a lease under a name of its own, those of this one,
 * which share that name, with a set.
 *
 * @param leases whose holder is not the one of the senders
 */
export function createSendingLock(parts: {
  leases: Pick<LeaseStore, 'acquire' | 'release'>;
  wake: (channelIds: readonly string[]) => void;
  clock: Pick<Clock, 'sleep'>;
  paceMs?: number;
  logger: Logger;
}): SendingLock {
  const { leases, wake, clock, paceMs = slackPaceMs, logger } = parts;
  const stopped = new AbortController();
  const pending = createPendingWork();
  const reserved = new Set<string>();

  /** Reserves the channel in this process first: the holder of a lease gets it again whenever it asks. */
  async function acquireOnce(channelId: string): Promise<boolean> {
    if (reserved.has(channelId)) return false;
    reserved.add(channelId);
    let isTaken = false;
    try {
      isTaken = await leases.acquire(channelId);
    } finally {
      if (!isTaken) reserved.delete(channelId);
    }
    return isTaken;
  }

  async function acquire(channelId: string): Promise<boolean> {
    for (let waited = 0; ; waited += pollMs) {
      if (await acquireOnce(channelId)) return true;
      if (waited >= maxWaitMs || stopped.signal.aborted) return false;
      await clock.sleep(pollMs, stopped.signal);
    }
  }

  async function releaseAfterPace(channelId: string): Promise<void> {
    await clock.sleep(paceMs, stopped.signal);
    try {
      await leases.release([channelId]);
    } catch (error) {
      logger.warn({ err: error, channelId }, 'a lease was not given back and ends by itself');
    }
    reserved.delete(channelId);
    wake([channelId]);
  }

  return {
    async withSendingPaused(channelId, work) {
      const acquired = await acquire(channelId);
      try {
        return await work(acquired, () => leases.acquire(channelId));
      } finally {
        if (acquired) void pending.track(releaseAfterPace(channelId));
        else wake([channelId]);
      }
    },
    async stop() {
      stopped.abort();
      await pending.settled();
    },
  };
}
