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

export type Notifier = {
  /** Stores the webhook and starts sending it. Idempotent by `id`. */
  notify(id: string, webhook: z.infer<typeof webhookEventResource> | undefined): Promise<void>;
  recover(): Promise<void>;
  stop(): Promise<void>;
};

const concurrency = 4;

/** Maximum wait of this process; later attempts are left to recovery. */
const maxWaitMs = 90_000;

export const noopNotifier: Notifier = {
  notify: async () => {},
  recover: async () => {},
  stop: async () => {},
};

/**
 * Sends in order for each channel and account: later webhooks wait for a failed one.
 * @param parts.leases separate from those of the channel workers, and longer than a POST
 * @param parts.delayAfter milliseconds, by the number of failed attempts; `undefined` gives up
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
  const running = new Map<string, Promise<void>>();
  const pending = createPendingWork();
  let lastSequence = 0;

  /** Runs one at a time for each channel; each run looks at everything that is due by then. */
  function wake(tenancy: Tenancy): void {
    if (stopped.signal.aborted) return;
    const { channelId, accountId } = tenancy;
    const key = `webhooks ${JSON.stringify([channelId, accountId])}`;
    const before = running.get(key) ?? Promise.resolve();
    const run = before
      .then(() => serve(tenancy, key))
      .catch((error: unknown) =>
        logger.error({ err: error, channelId }, 'webhooks could not be sent and are left to recovery'),
      )
      .finally(() => {
        if (running.get(key) === run) running.delete(key);
      });
    running.set(key, run);
    void pending.track(run);
  }

  async function findDue(tenancy: Tenancy): Promise<OutgoingWebhookDocument | undefined> {
    const next = stopped.signal.aborted ? undefined : await outgoingWebhooks.findNext(tenancy);
    return next !== undefined && next.nextAttemptAt <= clock.now() ? next : undefined;
  }

  async function serve(tenancy: Tenancy, key: string): Promise<void> {
    // A process that did not get the lease relies on its holder, which therefore looks once more.
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
      // The lease is renewed before each attempt, so that it lasts until the answer.
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
      logger.error({ channelId, webhook: _id, fault }, 'a webhook failed and is given up');
      return finish(webhook);
    }
    logger.warn({ channelId, webhook: _id, fault }, 'a webhook failed and is retried');
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
