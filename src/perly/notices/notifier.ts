import pLimit from 'p-limit';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { LeaseStore } from '../../store/leases.ts';
import type { NoticeDocument, NoticeStore } from '../../store/notices.ts';
import { afterRetention } from '../../store/retention.ts';
import type { Tenancy } from '../../store/tenancy.ts';
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
 * Perly is told of a channel and its account in order, and of several at once. A notice that Perly does not take is
 * tried again by the schedule of alerts, and what comes after it waits. A process tells under a lease of both, so that
 * two never tell the same.
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
  function wake(tenancy: Tenancy): void {
    if (stopped.signal.aborted) return;
    const { channelId, accountId } = tenancy;
    const key = `notices ${JSON.stringify([channelId, accountId])}`;
    const before = lanes.get(key) ?? Promise.resolve();
    const lane = before
      .then(() => serve(tenancy, key))
      .catch((error: unknown) =>
        logger.error({ err: error, channelId }, 'Perly could not be told; the sweep sees to it'),
      )
      .finally(() => {
        if (lanes.get(key) === lane) lanes.delete(key);
      });
    lanes.set(key, lane);
  }

  async function findDue(tenancy: Tenancy): Promise<NoticeDocument | undefined> {
    const next = stopped.signal.aborted ? undefined : await notices.findNext(tenancy);
    return next !== undefined && next.nextAttemptAt <= clock.now() ? next : undefined;
  }

  async function serve(tenancy: Tenancy, key: string): Promise<void> {
    // Whoever wrote a notice while the lease was another's left it to that one: it looks once more.
    while (await findDue(tenancy)) {
      if (!(await leases.take(key))) return;
      try {
        await drain(tenancy, key);
      } finally {
        await leases.giveBack([key]);
      }
    }
  }

  async function drain(tenancy: Tenancy, key: string): Promise<void> {
    for (;;) {
      const due = await findDue(tenancy);
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
    if (delay <= longestWait) wakeAfter(notice, delay);
  }

  function wakeAfter(tenancy: Tenancy, ms: number): void {
    const wait = clock.sleep(ms, stopped.signal).then(() => {
      waits.delete(wait);
      wake(tenancy);
    });
    waits.add(wait);
  }

  return {
    async tell(id, notice) {
      if (notice === undefined) return;
      const now = clock.now();
      lastSequence = Math.max(lastSequence + 1, now.getTime() * 1000);
      const tenancy = { channelId: notice.data.channel.id, accountId: notice.data.account_id };
      await notices.add({
        _id: `msg_${id}`,
        ...tenancy,
        sequence: lastSequence,
        body: JSON.stringify(notice),
        attempts: 0,
        nextAttemptAt: now,
        createdAt: now,
      });
      wake(tenancy);
    },

    async sweep() {
      for (const tenancy of await notices.listTenancies()) wake(tenancy);
    },

    async stop() {
      stopped.abort();
      await Promise.all([...waits, ...lanes.values()]);
    },
  };
}
