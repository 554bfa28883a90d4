import type { Logger } from 'pino';
import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import { createPendingWork } from '../lib/pending-work.ts';
import type { AuditStore } from '../store/audit.ts';
import type { Channel, ChannelChange } from '../store/channels/document.ts';
import {
  type ChangedChannel,
  newChangeId,
  type OutboxStore,
  type PublishedChange,
  type UnpublishedOutbox,
} from '../store/channels/outbox.ts';

export type OutboxRelay = {
  /** Publishes the channel's outbox, oldest change first. Idempotent. @returns the channel for readers */
  publish(changed: ChangedChannel): Promise<Channel>;
  /**
   * Publishes a change outside its channel's outbox.
   * @param markPublished without it, a crash before publishing loses the change
   */
  publishDetached(change: PublishedChange, markPublished?: () => Promise<void>): Promise<void>;
  recover(): Promise<void>;
  stop(): Promise<void>;
};

export function toChange(channel: Channel, change: ChannelChange): PublishedChange {
  const { _id: channelId, teamId, accountId, teamName, name, rules, brokenReason } = channel;
  const snapshot = { accountId, teamName, name, rules, brokenReason };
  return { ...change, id: newChangeId(), channelId, teamId, channel: snapshot };
}

/** @param parts.onPublish called with each change before its author gets an answer; must be idempotent */
export function createOutboxRelay(parts: {
  audit: Pick<AuditStore, 'add'>;
  outbox: Pick<OutboxStore, 'list' | 'markPublished'>;
  onPublish: (change: PublishedChange) => Promise<void>;
  logger: Logger;
}): OutboxRelay {
  const { audit, outbox, logger } = parts;
  const pending = createPendingWork();

  async function publishOne(change: PublishedChange): Promise<void> {
    await Promise.all([write(change), parts.onPublish(change)]);
  }

  async function write({ id, action, actor, ...change }: PublishedChange): Promise<void> {
    if (action === 'broken' || action === 'restored' || actor === null) return;
    await audit.add(id, {
      at: change.at,
      channelId: change.channelId,
      teamId: change.teamId,
      accountId: change.channel.accountId,
      actor,
      action,
      ...(change.before !== undefined && { before: change.before }),
      ...(change.after !== undefined && { after: change.after }),
    });
  }

  async function publishAll({ _id: channelId, teamId, outbox: all = [] }: UnpublishedOutbox): Promise<void> {
    for (const one of all) await publishOne({ ...one, channelId, teamId });
    if (all.length === 0) return;
    const ids = all.map(({ id }) => id);
    markPublishedSoon(channelId, () => outbox.markPublished(channelId, ids));
  }

  /** Not awaited: an entry that remains is published again, which is idempotent. */
  function markPublishedSoon(channelId: string, markPublished: () => Promise<void>): void {
    const marking = markPublished().catch((error: unknown) =>
      logger.warn({ err: error, channelId }, 'published changes stay in the outbox and are published again'),
    );
    void pending.track(marking);
  }

  return {
    async publish(changed) {
      await publishAll(changed);
      const { outbox: _outbox, ...channel } = changed;
      return channel;
    },

    async publishDetached(change, markPublished) {
      await publishOne(change);
      if (markPublished !== undefined) markPublishedSoon(change.channelId, markPublished);
    },

    async recover() {
      await forEachIsolated(await outbox.list(), publishAll);
    },

    async stop() {
      await pending.settled();
    },
  };
}
