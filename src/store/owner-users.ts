import type { Db } from 'mongodb';
import type { Owner } from '../domain/owner.ts';
import { deleteById } from './bulk.ts';

type OwnerUserDocument = {
  _id: string;
  teamId: string;
  accountId: string;
  ownerId: string;
  name: string;
  userId: string;
  setAt: Date;
};

export type OwnersPlace = { teamId: string; accountId: string };

export type OwnerUser = Owner & { userId: string };

export type OwnerUserStore = ReturnType<typeof createOwnerUserStore>;

/** Kept for as long as workspace and account are linked. */
export function createOwnerUserStore(db: Db) {
  const users = db.collection<OwnerUserDocument>('ownerUsers');

  return {
    async save(
      { teamId, accountId }: OwnersPlace,
      { id, name, userId }: OwnerUser,
      now: Date,
    ): Promise<void> {
      await users.replaceOne(
        { _id: keyOf({ teamId, accountId }, id) },
        { teamId, accountId, ownerId: id, name, userId, setAt: now },
        { upsert: true },
      );
    },

    remove: (place: OwnersPlace, ownerId: string): Promise<boolean> =>
      deleteById(users, { _id: keyOf(place, ownerId) }),

    async list({ teamId, accountId }: OwnersPlace): Promise<OwnerUser[]> {
      const found = await users.find({ teamId, accountId }).toArray();
      return found.map(({ ownerId, name, userId }) => ({ id: ownerId, name, userId }));
    },

    async removeOfLink({ teamId, accountId }: OwnersPlace): Promise<void> {
      await users.deleteMany({ teamId, accountId });
    },

    /** @param until what was set later stays */
    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await users.deleteMany({ teamId, setAt: { $not: { $gt: until } } });
    },

    /** @param until what was set later stays */
    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await users.deleteMany({ accountId, setAt: { $not: { $gt: until } } });
    },
  };
}

function keyOf({ teamId, accountId }: OwnersPlace, ownerId: string): string {
  return JSON.stringify([teamId, accountId, ownerId]);
}
