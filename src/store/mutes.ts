import type { Db } from 'mongodb';
import { deleteById, isDuplicateKey } from './bulk.ts';
import type { PublishedChange } from './channels/outbox.ts';
import type { Tenancy } from './tenancy.ts';

/** A customer that a channel hears nothing of until an instant. `_id` is the channel's, the account's and the customer's. */
type MuteDocument = {
  _id: string;
  channelId: string;
  accountId: string;
  customerId: string;
  customerName: string;
  until: Date;
  mutedBy: string;
  createdAt: Date;
  /** That somebody muted it, while that may not have been told of yet. */
  outbox?: PublishedChange;
};

export type Mute = Omit<MuteDocument, '_id' | 'outbox'>;

/**
 * What is left of a mute that was taken back, until that was told of: no channel and no customer, so it mutes nobody.
 */
type EndedMute = { _id: string; accountId: string | null; until: Date; outbox: PublishedChange };

export type MuteStore = ReturnType<typeof createMuteStore>;

/** The `_id` of a mute's document. */
export function muteKey({ channelId, accountId }: Tenancy, customerId: string): string {
  return JSON.stringify([channelId, accountId, customerId]);
}

/** The collection `mutes`: one document for each customer that is muted in a channel; it is deleted at its end. */
export function createMuteStore(db: Db) {
  const mutes = db.collection<MuteDocument>('mutes');
  // The same collection, so that one write takes a mute back and says that it did.
  const ended = db.collection<EndedMute & Partial<Pick<MuteDocument, 'channelId'>>>('mutes');

  return {
    /**
     * Mutes a customer, or extends the mute that there is; one that ends later stays as it is.
     *
     * @returns the end of the mute that there is now
     */
    async save(mute: Mute, outbox?: PublishedChange): Promise<Date> {
      const _id = muteKey(mute, mute.customerId);
      const written = { ...mute, ...(outbox !== undefined && { outbox }) };
      // What is left of a mute that was taken back has no channel, and an end of its own.
      const isShorter = { _id, $or: [{ channelId: { $exists: false } }, { until: { $lte: mute.until } }] };
      for (;;) {
        try {
          await mutes.replaceOne(isShorter, written, { upsert: true });
          return mute.until;
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
        }
        const longer = await mutes.findOne({ _id, channelId: mute.channelId, until: { $gt: mute.until } });
        if (longer !== null) return longer.until;
      }
    },

    /**
     * Takes a mute back; what stays of it until `forgetAt`, or until that was told, mutes nobody.
     *
     * @returns whether the customer was muted
     */
    async end(id: string, outbox: PublishedChange, forgetAt: Date): Promise<boolean> {
      const { accountId } = outbox.channel;
      const isMute = { _id: id, channelId: outbox.channelId };
      const { modifiedCount } = await ended.replaceOne(isMute, { accountId, until: forgetAt, outbox });
      return modifiedCount === 1;
    },

    /** What was done to mutes and may not have been told of yet. */
    async listUnpublished(): Promise<{ id: string; change: PublishedChange }[]> {
      const found = await mutes
        .find({ 'outbox.id': { $type: 'string' } }, { projection: { outbox: 1 } })
        .toArray();
      return found.flatMap(({ _id, outbox }) => (outbox === undefined ? [] : [{ id: _id, change: outbox }]));
    },

    /** Says that it was told. */
    async markPublished(id: string, change: PublishedChange): Promise<void> {
      const told = { _id: id, 'outbox.id': change.id };
      if (change.action === 'customer_unmuted') await deleteById(ended, told);
      else await mutes.updateOne(told, { $unset: { outbox: '' } });
    },

    /** Forgets the mutes that an account made until an instant, and what is left of those that were taken back. */
    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await mutes.deleteMany({ accountId, createdAt: { $not: { $gt: until } } });
    },

    /** Forgets what an account muted in a channel until an instant. */
    async endTenancy({ channelId, accountId }: Tenancy, until: Date): Promise<void> {
      await mutes.deleteMany({ channelId, accountId, createdAt: { $lte: until } });
    },

    /** Forgets the mutes of a channel that were made until an instant, whichever account they are of. */
    async removeOfChannel(channelId: string, until: Date): Promise<void> {
      await mutes.deleteMany({ channelId, createdAt: { $lte: until } });
    },

    /** Deletes all mutes of a channel, also what is left of those that were taken back. */
    async removeAllOfChannel(channelId: string): Promise<void> {
      // The `_id` begins with the channel's.
      await mutes.deleteMany({ _id: idsFrom(`${JSON.stringify([channelId]).slice(0, -1)},`) });
    },

    /** A channel's mutes that last, the one that ends last first. */
    listByChannel({ channelId, accountId }: Tenancy, now: Date): Promise<Mute[]> {
      return mutes
        .find(
          { channelId, accountId, until: { $gt: now } },
          { sort: { until: -1 }, projection: { _id: 0, outbox: 0 } },
        )
        .toArray();
    },

    /** The mutes of these customers in the channels of these accounts. */
    listByCustomers(accountIds: readonly string[], customerIds: readonly string[]): Promise<Mute[]> {
      return mutes
        .find(
          { accountId: { $in: [...accountIds] }, customerId: { $in: [...customerIds] } },
          { projection: { outbox: 0 } },
        )
        .toArray();
    },
  };
}

/** The range of all texts that begin with `prefix`, which has at least one character. */
function idsFrom(prefix: string): { $gte: string; $lt: string } {
  const last = prefix.length - 1;
  const next = String.fromCharCode(prefix.charCodeAt(last) + 1);
  return { $gte: prefix, $lt: `${prefix.slice(0, last)}${next}` };
}
