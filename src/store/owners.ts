import type { Db } from 'mongodb';
import type { Owner } from '../domain/owner.ts';
import { afterRetention } from './retention.ts';

/** An owner of an account's customers, as last seen in an event. `_id` consists of account and owner. */
type OwnerDocument = {
  _id: string;
  accountId: string;
  ownerId: string;
  name: string;
  /** To the day. */
  seenAt: Date;
  expiresAt: Date;
};

export type SeenOwner = Owner & { accountId: string };

export type OwnerStore = ReturnType<typeof createOwnerStore>;

/** The collection `owners`: who was an owner in the events of the last 30 days. */
export function createOwnerStore(db: Db) {
  const owners = db.collection<OwnerDocument>('owners');

  return {
    /** Records owners in one command. @param seen each owner once */
    async save(seen: readonly SeenOwner[], now: Date): Promise<void> {
      if (seen.length === 0) return;
      await owners.bulkWrite(
        seen.map(({ accountId, id, name }) => ({
          updateOne: {
            filter: { _id: ownerKey(accountId, id) },
            update: { $set: { accountId, ownerId: id, name, seenAt: now, expiresAt: afterRetention(now) } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },

    /** The owners of an account's customers that were seen in the last 30 days. */
    async listByAccount(accountId: string, now: Date): Promise<Owner[]> {
      const found = await owners.find({ accountId, expiresAt: { $gt: now } }).toArray();
      return found.map(({ ownerId, name }) => ({ id: ownerId, name }));
    },

    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await owners.deleteMany({ accountId, seenAt: { $not: { $gt: until } } });
    },
  };
}

/** Distinguishes an account's owner from all others. */
export function ownerKey(accountId: string, ownerId: string): string {
  return JSON.stringify([accountId, ownerId]);
}

/** Distinguishes an account's owners from those of all others. */
export function ownerKeyStart(accountId: string): string {
  return `[${JSON.stringify(accountId)},`;
}
