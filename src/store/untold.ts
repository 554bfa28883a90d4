import { type Db, ObjectId } from 'mongodb';
import type { Actor, AuditAction } from './audit.ts';
import type { ChannelDocument } from './channel-document.ts';
import type { Channel } from './channels.ts';

/** What is done to a channel, as it is written along with it. `actor` is `null` for what nobody did: it broke, or works again. */
export type Deed = {
  action: AuditAction | 'broken' | 'restored';
  actor: Actor | null;
  at: Date;
  before?: unknown;
  after?: unknown;
};

/** What was done to a channel and may not have been told of yet. By its id, telling it twice tells it once. */
export type Untold = Deed & {
  id: string;
  /** The channel as there is to tell of it: as the change left it, or as it was before it was taken out. */
  channel: Pick<ChannelDocument, 'accountId' | 'teamName' | 'name' | 'rules' | 'brokenReason'>;
};

/** Something that was done to a channel, as it is told. */
export type ChannelDeed = Untold & { channelId: string; teamId: string };

/** What tells one deed from the next: 24 hexadecimal digits, which rise with what a process does. */
export function newDeedId(): string {
  return new ObjectId().toHexString();
}

/** A channel right after it was changed, with what there is to tell of that. */
export type ChangedChannel = Channel & { untold?: Untold[] };

/** What the sweep reads of a channel, to tell what a process that died has left. */
export type LeftUntold = Pick<ChangedChannel, '_id' | 'teamId' | 'untold'>;

export type UntoldStore = ReturnType<typeof createUntoldStore>;

const someUntold = { 'untold.id': { $type: 'string' } } as const;

/**
 * What is untold yet of the channels in the collection `channels`. It stands in their documents, where one write makes
 * a change and keeps what is to be told of it, so that no crash can come between the two.
 */
export function createUntoldStore(db: Db) {
  const channels = db.collection<ChannelDocument>('channels');

  return {
    /** The channels of which something is untold. */
    list(): Promise<LeftUntold[]> {
      return channels.find(someUntold, { projection: { teamId: 1, untold: 1 } }).toArray();
    },

    /** Says that these were told. */
    async settle(channelId: string, ids: readonly string[]): Promise<void> {
      await channels.updateOne({ _id: channelId }, { $pull: { untold: { id: { $in: [...ids] } } } });
    },

    /** Forgets what is untold and an account's. */
    async removeOfAccount(accountId: string): Promise<void> {
      await channels.updateMany(
        { ...someUntold, 'untold.channel.accountId': accountId },
        { $pull: { untold: { 'channel.accountId': accountId } } },
      );
    },
  };
}
