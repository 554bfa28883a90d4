import { type Db, ObjectId } from 'mongodb';
import type { Channel, ChannelDocument, OutboxEntry } from './document.ts';

/** Something that was done to a channel, as it is told. */
export type PublishedChange = OutboxEntry & { channelId: string; teamId: string };

/** What tells one deed from the next: 24 hexadecimal digits, which rise with what a process does. */
export function newChangeId(): string {
  return new ObjectId().toHexString();
}

/** A channel right after it was changed, with what there is to tell of that. */
export type ChangedChannel = Channel & { outbox?: OutboxEntry[] };

/** A channel as recovery reads it, to publish what a process that died left behind. */
export type UnpublishedOutbox = Pick<ChangedChannel, '_id' | 'teamId' | 'outbox'>;

export type OutboxStore = ReturnType<typeof createOutboxStore>;

const hasOutbox = { 'outbox.id': { $type: 'string' } } as const;

/**
 * What is untold yet of the channels in the collection `channels`. It stands in their documents, where one write makes
 * a change and keeps what is to be told of it, so that no crash can come between the two.
 */
export function createOutboxStore(db: Db) {
  const channels = db.collection<ChannelDocument>('channels');

  return {
    /** The channels of which something is untold. */
    list(): Promise<UnpublishedOutbox[]> {
      return channels.find(hasOutbox, { projection: { teamId: 1, outbox: 1 } }).toArray();
    },

    /** Says that these were told. */
    async markPublished(channelId: string, ids: readonly string[]): Promise<void> {
      await channels.updateOne({ _id: channelId }, { $pull: { outbox: { id: { $in: [...ids] } } } });
    },

    /** Forgets what was done for an account until an instant and is untold. */
    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await channels.updateMany(
        { ...hasOutbox, 'outbox.channel.accountId': accountId },
        { $pull: { outbox: { 'channel.accountId': accountId, at: { $lte: until } } } },
      );
    },
  };
}
