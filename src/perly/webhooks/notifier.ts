import pLimit from 'p-limit';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { createPendingWork } from '../../lib/pending-work.ts';
import type { LeaseStore } from '../../store/leases.ts';
import type { OutgoingWebhookDocument, OutgoingWebhookStore } from '../../store/outgoing-webhooks.ts';
import { afterRetention } from '../../store/retention.ts';
import type { Tenancy } from '../../store/tenancy.ts';
import type { PostWebhook } from './post-webhook.ts';
import type { webhookEventResource } from './webhook-event.ts';

/** Tells Perly what became of its channels. */
export type Notifier = {
  /** Writes down what Perly is to be told, and begins to tell it. The same id again is told once. */
  notify(id: string, webhook: z.infer<typeof webhookEventResource> | undefined): Promise<void>;
  /** Takes up what is due and nobody tells. */
  recover(): Promise<void>;
  /** Ends what is under way. */
  stop(): Promise<void>;
};

/** How many notices are under way at once. */
const concurrency = 4;

/** Longest wait for the next attempt in this process, in milliseconds; later attempts are left to recovery. */
const maxWaitMs = 90_000;

/** For an app that was not told where Perly listens. */
export const noopNotifier: Notifier = {
  notify: async () => {},
  recover: async () => {},
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
  outgoingWebhooks: OutgoingWebhookStore;
  leases: Pick<LeaseStore, 'acquire' | 'release'>;
  post: PostWebhook;
  delayAfter: (failedBefore: number) => number | undefined;
  clock: Pick<Clock, 'now' | 'sleep'>;
  logger: Logger;
}): Notifier {
  const { outgoingWebhooks, leases, clock, logger } = parts;
  const limit = pLimit(concurrency);
  const stopped = new AbortController();
  const lanes = new Map<string, Promise<void>>();
  const pending = createPendingWork();
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
        logger.error({ err: error, channelId }, 'webhooks could not be sent and are left to recovery'),
      )
      .finally(() => {
        if (lanes.get(key) === lane) lanes.delete(key);
      });
    lanes.set(key, lane);
    void pending.track(lane);
  }

  async function findDue(tenancy: Tenancy): Promise<OutgoingWebhookDocument | undefined> {
    const next = stopped.signal.aborted ? undefined : await outgoingWebhooks.findNext(tenancy);
    return next !== undefined && next.nextAttemptAt <= clock.now() ? next : undefined;
  }

  async function serve(tenancy: Tenancy, key: string): Promise<void> {
    // Whoever wrote a notice while the lease was another's left it to that one: it looks once more.
    while (await findDue(tenancy)) {
      if (!(await leases.acquire(key))) return;
      try {
        await drain(tenancy, key);
      } finally {
        await leases.release([key]);
      }
    }
  }

  async function drain(tenancy: Tenancy, key: string): Promise<void> {
    for (;;) {
      const due = await findDue(tenancy);
      if (due === undefined) return;
      // Taken anew before each, so that it lasts until the answer is there.
      if (!(await leases.acquire(key))) return;
      const fault = await limit(() => parts.post(due));
      if (fault === undefined) await finish(due);
      else await tryLater(due, fault);
    }
  }

  function finish(webhook: OutgoingWebhookDocument): Promise<void> {
    return outgoingWebhooks.finish(webhook, afterRetention(clock.now()));
  }

  async function tryLater(webhook: OutgoingWebhookDocument, fault: string): Promise<void> {
    const { _id, channelId, attempts } = webhook;
    const delay = parts.delayAfter(attempts);
    if (delay === undefined) {
      logger.error({ channelId, webhook: _id, fault }, 'Perly did not take a notice; it is given up');
      return finish(webhook);
    }
    logger.warn({ channelId, webhook: _id, fault }, 'Perly did not take a notice; it is tried again');
    await outgoingWebhooks.postpone(_id, new Date(clock.now().getTime() + delay));
    if (delay <= maxWaitMs) wakeAfter(webhook, delay);
  }

  function wakeAfter(tenancy: Tenancy, ms: number): void {
    void pending.track(clock.sleep(ms, stopped.signal).then(() => wake(tenancy)));
  }

  return {
    async notify(id, webhook) {
      if (webhook === undefined) return;
      const now = clock.now();
      lastSequence = Math.max(lastSequence + 1, now.getTime() * 1000);
      const tenancy = { channelId: webhook.data.channel.id, accountId: webhook.data.account_id };
      await outgoingWebhooks.add({
        _id: `msg_${id}`,
        ...tenancy,
        sequence: lastSequence,
        body: JSON.stringify(webhook),
        attempts: 0,
        nextAttemptAt: now,
        createdAt: now,
      });
      wake(tenancy);
    },

    async recover() {
      for (const tenancy of await outgoingWebhooks.listTenancies()) wake(tenancy);
    },

    async stop() {
      stopped.abort();
      await pending.settled();
    },
  };
}
