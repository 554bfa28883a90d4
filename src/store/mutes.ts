import type { Db } from 'mongodb';

/** A customer that a channel hears nothing of until an instant. `_id` is the channel's and the customer's. */
type MuteDocument = {
  _id: string;
  channelId: string;
  accountId: string;
  customerId: string;
  customerName: string;
  until: Date;
  mutedBy: string;
  createdAt: Date;
};

export type Mute = Omit<MuteDocument, '_id'>;

export type MuteStore = ReturnType<typeof createMuteStore>;

/** The collection `mutes`: one document for each customer that is muted in a channel; it is deleted at its end. */
export function createMuteStore(db: Db) {
  const mutes = db.collection<MuteDocument>('mutes');
  const key = (channelId: string, customerId: string) => JSON.stringify([channelId, customerId]);

  return {
    /** Mutes a customer; one that is muted already gets the new end. */
    async save(mute: Mute): Promise<void> {
      await mutes.replaceOne({ _id: key(mute.channelId, mute.customerId) }, mute, { upsert: true });
    },

    /** @returns whether the customer was muted */
    async remove(channelId: string, customerId: string): Promise<boolean> {
      const { deletedCount } = await mutes.deleteOne({ _id: key(channelId, customerId) });
      return deletedCount === 1;
    },

    /** Forgets all mutes of an account. */
    async removeOfAccount(accountId: string): Promise<void> {
      await mutes.deleteMany({ accountId });
    },

    async removeOfChannel(channelId: string): Promise<void> {
      await mutes.deleteMany({ channelId });
    },

    /** A channel's mutes that last, the one that ends last first. */
    listByChannel(channelId: string, now: Date): Promise<Mute[]> {
      return mutes
        .find({ channelId, until: { $gt: now } }, { sort: { until: -1 }, projection: { _id: 0 } })
        .toArray();
    },

    /** The mutes of these customers in the channels of these accounts. */
    listByCustomers(accountIds: readonly string[], customerIds: readonly string[]): Promise<Mute[]> {
      return mutes
        .find({ accountId: { $in: [...accountIds] }, customerId: { $in: [...customerIds] } })
        .toArray();
    },
  };
}
