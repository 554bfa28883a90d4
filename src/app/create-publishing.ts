import type { Logger } from 'pino';
import { createOutboxRelay } from '../channels/outbox-relay.ts';
import type { Config } from '../config.ts';
import { retryDelay } from '../delivery/retry-schedule.ts';
import type { Clock } from '../lib/clock.ts';
import { createNotifier, type Notifier, noopNotifier } from '../perly/webhooks/notifier.ts';
import { createPostWebhook } from '../perly/webhooks/post-webhook.ts';
import { toWebhookEvent } from '../perly/webhooks/webhook-event.ts';
import type { ChangedChannel, PublishedChange } from '../store/channels/outbox.ts';
import type { LeaseStore } from '../store/leases.ts';
import type { Stores } from './create-stores.ts';

export type HomeChanged = (teamId: string, userId?: string) => void;

export function createPublishing(parts: {
  config: Config;
  stores: Stores;
  leases: LeaseStore;
  homeChanged: HomeChanged;
  clock: Clock;
  random: () => number;
  logger: Logger;
}) {
  const { stores, homeChanged, logger } = parts;
  const notifier = createConfiguredNotifier(parts);

  async function onPublish(change: PublishedChange): Promise<void> {
    const { id, teamId, actor } = change;
    // A workspace that removed the app has no Home.
    if (actor?.kind !== 'slack') homeChanged(teamId, actor?.kind === 'user' ? actor.userId : undefined);
    await notifier.notify(id, toWebhookEvent(change));
  }
  const outboxRelay = createOutboxRelay({ ...stores, onPublish, logger });

  return {
    notifier,
    outboxRelay,
    publish: outboxRelay.publish,
    async onChanged(channel: ChangedChannel): Promise<void> {
      await outboxRelay.publish(channel);
    },
  };
}

function createConfiguredNotifier(parts: {
  config: Config;
  stores: Stores;
  leases: LeaseStore;
  clock: Clock;
  random: () => number;
  logger: Logger;
}): Notifier {
  const { notifyUrl, notifySecrets } = parts.config.perly;
  if (notifyUrl === undefined) return noopNotifier;
  return createNotifier({
    ...parts,
    outgoingWebhooks: parts.stores.outgoingWebhooks,
    post: createPostWebhook(notifyUrl, notifySecrets[0] ?? ''),
    delayAfter: (failedBefore) => retryDelay(failedBefore, parts.random),
  });
}
