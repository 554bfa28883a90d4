import pLimit from 'p-limit';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { LeaseStore } from '../../store/leases.ts';
import type { NoticeDocument, NoticeStore } from '../../store/notices.ts';
import { afterRetention } from '../../store/retention.ts';
import type { noticeResource } from './notice.ts';
import type { PostNotice } from './post-notice.ts';

/** Tells Perly what became of its channels. */
export type Notifier = {
  /** Writes down what Perly is to be told, and begins to tell it. The same id again is told once. */
  tell(id: string, notice: z.infer<typeof noticeResource> | undefined): Promise<void>;
  /** Takes up what is due and nobody tells. */
  sweep(): Promise<void>;
  /** Ends what is under way. */
  stop(): Promise<void>;
};

/** How many notices are under way at once. */
const width = 4;

/** A try that is due sooner is waited for here; a later one is left to the sweep. Milliseconds. */
const longestWait = 90_000;

/** For an app that was not told where Perly listens. */
export const silentNotifier: Notifier = {
  tell: async () => {},
  sweep: async () => {},
  stop: async () => {},
};

/**
 * Perly is told of a channel in order, and of several at once. A notice that Perly does not take is tried again by the
 * schedule of alerts, and what comes after it waits. A process tells under a lease of the channel, so that two never
 * tell the same.
 *
 * @param parts.leases whose holder is not the one of the senders, and which last for longer than a POST
 * @param parts.delayAfter milliseconds until the next try, by the tries that failed before; `undefined` ends them
 */
export function createNotifier(parts: {
  notices: NoticeStore;
  leases: Pick<LeaseStore, 'take' | 'giveBack'>;
  post: PostNotice;
  delayAfter: (failedBefore: number) => number | undefined;
  clock: Pick<Clock, 'now' | 'sleep'>;
  logger: Logger;
}): Notifier {
  const { notices, leases, clock, logger } = parts;
  const limit = pLimit(width);
  const stopped = new AbortController();
  const lanes = new Map<string, Promise<void>>();
  const waits = new Set<Promise<void>>();
  let lastSequence = 0;

  /** One after the other for each channel; each looks at everything that is due by then. */
  function wake(channelId: string): void {
    if (stopped.signal.aborted) return;
    const before = lanes.get(channelId) ?? Promise.resolve();
    const lane = before
      .then(() => serve(channelId))
      .catch((error: unknown) =>
        logger.error({ err: error, channelId }, 'Perly could not be told; the sweep sees to it'),
      )
      .finally(() => {
        if (lanes.get(channelId) === lane) lanes.delete(channelId);
      });
    lanes.set(channelId, lane);
  }

  async function findDue(channelId: string): Promise<NoticeDocument | undefined> {
    const next = stopped.signal.aborted ? undefined : await notices.findNext(channelId);
    return next !== undefined && next.nextAttemptAt <= clock.now() ? next : undefined;
  }

  async function serve(channelId: string): Promise<void> {
    const key = `notices ${channelId}`;
    // Whoever wrote a notice while the lease was another's left it to that one: it looks once more.
    while (await findDue(channelId)) {
      if (!(await leases.take(key))) return;
      try {
        await drain(channelId, key);
      } finally {
        await leases.giveBack([key]);
      }
    }
  }

  async function drain(channelId: string, key: string): Promise<void> {
    for (;;) {
      const due = await findDue(channelId);
      if (due === undefined) return;
      // Taken anew before each, so that it lasts until the answer is there.
      if (!(await leases.take(key))) return;
      const fault = await limit(() => parts.post(due));
      if (fault === undefined) await finish(due);
      else await tryLater(due, fault);
    }
  }

  function finish(notice: NoticeDocument): Promise<void> {
    return notices.finish(notice, afterRetention(clock.now()));
  }

  async function tryLater(notice: NoticeDocument, fault: string): Promise<void> {
    const { _id, channelId, attempts } = notice;
    const delay = parts.delayAfter(attempts);
    if (delay === undefined) {
      logger.error({ channelId, notice: _id, fault }, 'Perly did not take a notice; it is given up');
      return finish(notice);
    }
    logger.warn({ channelId, notice: _id, fault }, 'Perly did not take a notice; it is tried again');
    await notices.postpone(_id, new Date(clock.now().getTime() + delay));
    if (delay <= longestWait) wakeAfter(channelId, delay);
  }

  function wakeAfter(channelId: string, ms: number): void {
    const wait = clock.sleep(ms, stopped.signal).then(() => {
      waits.delete(wait);
      wake(channelId);
    });
    waits.add(wait);
  }

  return {
    async tell(id, notice) {
      if (notice === undefined) return;
      const now = clock.now();
      lastSequence = Math.max(lastSequence + 1, now.getTime() * 1000);
      const channelId = notice.data.channel.id;
      await notices.add({
        _id: `msg_${id}`,
        channelId,
        accountId: notice.data.account_id,
        sequence: lastSequence,
        body: JSON.stringify(notice),
        attempts: 0,
        nextAttemptAt: now,
        createdAt: now,
      });
      wake(channelId);
    },

    async sweep() {
      for (const channelId of await notices.listChannels()) wake(channelId);
    },

    async stop() {
      stopped.abort();
      await Promise.all([...waits, ...lanes.values()]);
    },
  };
}
