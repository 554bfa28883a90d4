import type { Db } from 'mongodb';
import type { Owner } from '../domain/owner.ts';
import { afterRetention } from './retention.ts';

type OwnerDocument = {
  _id: string;
  accountId: string;
  ownerId: string;
  name: string;
  /** Exact to the day. */
  seenAt: Date;
  expiresAt: Date;
};

export type SeenOwner = Owner & { accountId: string };

export type OwnerStore = ReturnType<typeof createOwnerStore>;

export function createOwnerStore(db: Db) {
  const owners = db.collection<OwnerDocument>('owners');

  return {
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

    /** Lists owners that were seen in the last 30 days. */
    async listByAccount(accountId: string, now: Date): Promise<Owner[]> {
      const found = await owners.find({ accountId, expiresAt: { $gt: now } }).toArray();
      return found.map(({ ownerId, name }) => ({ id: ownerId, name }));
    },

    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await owners.deleteMany({ accountId, seenAt: { $not: { $gt: until } } });
    },
  };
}

export function ownerKey(accountId: string, ownerId: string): string {
  return JSON.stringify([accountId, ownerId]);
}
