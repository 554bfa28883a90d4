import { type Db, ObjectId } from 'mongodb';
import type { Channel, ChannelDocument, OutboxEntry } from './document.ts';

export type PublishedChange = OutboxEntry & { channelId: string; teamId: string };

/** Returns 24 hexadecimal digits, which increase within a process. */
export function newChangeId(): string {
  return new ObjectId().toHexString();
}

export type ChangedChannel = Channel & { outbox?: OutboxEntry[] };

export type UnpublishedOutbox = Pick<ChangedChannel, '_id' | 'teamId' | 'outbox'>;

export type OutboxStore = ReturnType<typeof createOutboxStore>;

const hasOutbox = { 'outbox.id': { $type: 'string' } } as const;

/** A change and its outbox entry are one write, so that no crash can separate them. */
export function createOutboxStore(db: Db) {
  const channels = db.collection<ChannelDocument>('channels');

  return {
    list(): Promise<UnpublishedOutbox[]> {
      return channels.find(hasOutbox, { projection: { teamId: 1, outbox: 1 } }).toArray();
    },

    async markPublished(channelId: string, ids: readonly string[]): Promise<void> {
      await channels.updateOne({ _id: channelId }, { $pull: { outbox: { id: { $in: [...ids] } } } });
    },

    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await channels.updateMany(
        { ...hasOutbox, 'outbox.channel.accountId': accountId },
        { $pull: { outbox: { 'channel.accountId': accountId, at: { $lte: until } } } },
      );
    },
  };
}
