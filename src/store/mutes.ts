import type { Db } from 'mongodb';
import { deleteById, isDuplicateKey } from './bulk.ts';
import type { PublishedChange } from './channels/outbox.ts';
import type { Tenancy } from './tenancy.ts';

type MuteDocument = {
  _id: string;
  channelId: string;
  accountId: string;
  customerId: string;
  customerName: string;
  until: Date;
  mutedBy: string;
  reason?: string;
  createdAt: Date;
  outbox?: PublishedChange;
};

export type Mute = Omit<MuteDocument, '_id' | 'outbox'>;

/** Kept until the end of a mute is published. Without channel and customer, it mutes nobody. */
type EndedMute = { _id: string; accountId: string | null; until: Date; outbox: PublishedChange };

export type MuteStore = ReturnType<typeof createMuteStore>;

export function muteKey({ channelId, accountId }: Tenancy, customerId: string): string {
  return JSON.stringify([channelId, accountId, customerId]);
}

export function accountOfMute(key: string): string {
  const [, accountId]: unknown[] = JSON.parse(key);
  return String(accountId);
}

export function mutesOf(accountIds: readonly string[], customerIds: readonly string[]) {
  return { accountId: { $in: [...accountIds] }, customerId: { $in: [...customerIds] } };
}

export function createMuteStore(db: Db) {
  const mutes = db.collection<MuteDocument>('mutes');
  // Ended mutes are in the same collection, so that one write ends a mute and records the change.
  const ended = db.collection<EndedMute & Partial<Pick<MuteDocument, 'channelId'>>>('mutes');

  return {
    /** Keeps a mute that ends later. @returns the end of the mute in force */
    async save(mute: Mute, outbox?: PublishedChange): Promise<Date> {
      const _id = muteKey(mute, mute.customerId);
      const written = { ...mute, ...(outbox !== undefined && { outbox }) };
      // An ended mute has no channel, and its own expiry.
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

    /** Replaces the mute by an `EndedMute`. @returns whether the customer was muted */
    async end(id: string, outbox: PublishedChange, forgetAt: Date): Promise<boolean> {
      const { accountId } = outbox.channel;
      const isMute = { _id: id, channelId: outbox.channelId };
      const { modifiedCount } = await ended.replaceOne(isMute, { accountId, until: forgetAt, outbox });
      return modifiedCount === 1;
    },

    async listUnpublished(): Promise<{ id: string; change: PublishedChange }[]> {
      const found = await mutes
        .find({ 'outbox.id': { $type: 'string' } }, { projection: { outbox: 1 } })
        .toArray();
      return found.flatMap(({ _id, outbox }) => (outbox === undefined ? [] : [{ id: _id, change: outbox }]));
    },

    async markPublished(id: string, change: PublishedChange): Promise<void> {
      const filter = { _id: id, 'outbox.id': change.id };
      if (change.action === 'customer_unmuted') await deleteById(ended, filter);
      else await mutes.updateOne(filter, { $unset: { outbox: '' } });
    },

    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await mutes.deleteMany({ accountId, createdAt: { $not: { $gt: until } } });
    },

    async endTenancy({ channelId, accountId }: Tenancy, until: Date): Promise<void> {
      await mutes.deleteMany({ channelId, accountId, createdAt: { $lte: until } });
    },

    async removeOfChannel(channelId: string, until: Date): Promise<void> {
      await mutes.deleteMany({ channelId, createdAt: { $lte: until } });
    },

    async removeAllOfChannel(channelId: string): Promise<void> {
      await mutes.deleteMany({ _id: idsFrom(`${JSON.stringify([channelId]).slice(0, -1)},`) });
    },

    /** Lists the latest end first. */
    listByChannel({ channelId, accountId }: Tenancy, now: Date): Promise<Mute[]> {
      return mutes
        .find(
          { channelId, accountId, until: { $gt: now } },
          { sort: { until: -1 }, projection: { _id: 0, outbox: 0 } },
        )
        .toArray();
    },

    /** Returns `undefined` if there are more than `max`. */
    async listAll(max: number): Promise<Mute[] | undefined> {
      const found = await mutes
        .find({ customerId: { $type: 'string' } }, { projection: { outbox: 0 }, limit: max + 1 })
        .toArray();
      return found.length > max ? undefined : found;
    },

    listByAccounts(accountIds: readonly string[]): Promise<Mute[]> {
      return mutes
        .find(
          { accountId: { $in: [...accountIds] }, customerId: { $type: 'string' } },
          { projection: { outbox: 0 } },
        )
        .toArray();
    },
  };
}

function idsFrom(prefix: string): { $gte: string; $lt: string } {
  const last = prefix.length - 1;
  const next = String.fromCharCode(prefix.charCodeAt(last) + 1);
  return { $gte: prefix, $lt: `${prefix.slice(0, last)}${next}` };
}
