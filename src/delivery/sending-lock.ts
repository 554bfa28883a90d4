import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { createPendingWork } from '../lib/pending-work.ts';
import type { LeaseStore } from '../store/leases.ts';
import { slackPaceMs } from './retry-schedule.ts';

export type SendingLock = {
  /**
   * Keeps others from posting to the channel during `work`, and until the pace allows it. `acquired` is false
   * if it stayed busy. Work that takes longer than a lease calls `renew`: false means that the lock is lost.
   */
  withSendingPaused<T>(
    channelId: string,
    work: (acquired: boolean, renew: () => Promise<boolean>) => Promise<T>,
  ): Promise<T>;
  stop(): Promise<void>;
};

/** Maximum wait for a busy channel, and the interval between attempts. */
const maxWaitMs = 3000;
const pollMs = 200;

/**
 * Excludes other processes by a lease, and other work of this process by a set.
 * @param leases separate from those of the channel workers
 */
export function createSendingLock(parts: {
  leases: Pick<LeaseStore, 'acquire' | 'release' | 'offer'>;
  /** Called after work in a channel that stayed busy: its sender may rely on an outdated channel. */
  invalidate: (channelId: string) => void;
  wake: (channelIds: readonly string[]) => void;
  clock: Pick<Clock, 'sleep'>;
  paceMs?: number;
  logger: Logger;
}): SendingLock {
  const { leases, wake, clock, paceMs = slackPaceMs, logger } = parts;
  const stopped = new AbortController();
  const pending = createPendingWork();
  const reserved = new Set<string>();

  /** Reserves the channel in this process first, since the holder of a lease always gets it again. */
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
    let isOffered = false;
    try {
      const isWanted = await leases.release([channelId]);
      // The workers of this process are about to stop, and do not look for due deliveries any more.
      isOffered = isWanted && stopped.signal.aborted;
      if (isOffered) await leases.offer([channelId]);
    } catch (error) {
      logger.warn({ err: error, channelId }, 'a lease was not released and will expire');
    }
    reserved.delete(channelId);
    if (!isOffered) wake([channelId]);
  }

  return {
    async withSendingPaused(channelId, work) {
      const acquired = await acquire(channelId);
      try {
        return await work(acquired, () => leases.acquire(channelId));
      } finally {
        if (acquired) void pending.track(releaseAfterPace(channelId));
        else {
          parts.invalidate(channelId);
          wake([channelId]);
        }
      }
    },
    async stop() {
      stopped.abort();
      await pending.settled();
    },
  };
}
