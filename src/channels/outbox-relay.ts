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

/** Writes down what was done to channels, and tells whoever has to know. */
export type OutboxRelay = {
  /** Tells of a channel what is untold, the oldest first. Doing it twice does no harm. @returns the channel for readers */
  publish(changed: ChangedChannel): Promise<Channel>;
  /**
   * Tells of a deed that does not stand in its channel's own document.
   *
   * @param markPublished says, where it stands, that it was told. Without one it stands nowhere: nobody tells of it when the
   *   process dies right before.
   */
  publishDetached(change: PublishedChange, markPublished?: () => Promise<void>): Promise<void>;
  /** Tells what processes that died have left. */
  recover(): Promise<void>;
  /** Ends what is under way. */
  stop(): Promise<void>;
};

/** What is done to a channel and does not change its document. */
export function toChange(channel: Channel, change: ChannelChange): PublishedChange {
  const { _id: channelId, teamId, accountId, teamName, name, rules, brokenReason } = channel;
  const told = { accountId, teamName, name, rules, brokenReason };
  return { ...change, id: newChangeId(), channelId, teamId, channel: told };
}

/** @param parts.onPublish told of everything before whoever did it has an answer; the same twice does no harm */
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

  /** Nobody has to wait for it: what stays by accident is told once more, which does no harm. */
  function markPublishedSoon(channelId: string, markPublished: () => Promise<void>): void {
    const marking = markPublished().catch((error: unknown) =>
      logger.warn({ err: error, channelId }, 'what was told is told once more'),
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
