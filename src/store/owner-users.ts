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
    /** @returns the owner's Slack user before */
    async save(
      { teamId, accountId }: OwnersPlace,
      { id, name, userId }: OwnerUser,
      now: Date,
    ): Promise<string | null> {
      const before = await users.findOneAndReplace(
        { _id: keyOf({ teamId, accountId }, id) },
        { teamId, accountId, ownerId: id, name, userId, setAt: now },
        { upsert: true },
      );
      return before?.userId ?? null;
    },

    /** @returns the owner's Slack user before */
    async remove(place: OwnersPlace, ownerId: string): Promise<string | null> {
      const _id = keyOf(place, ownerId);
      for (;;) {
        const before = await users.findOne({ _id });
        if (before === null) return null;
        if (await deleteById(users, { _id, userId: before.userId })) return before.userId;
      }
    },

    async list({ teamId, accountId }: OwnersPlace, limit = 0): Promise<OwnerUser[]> {
      return (await users.find({ teamId, accountId }, { limit }).toArray()).map(toOwnerUser);
    },

    async listByIds(place: OwnersPlace, ownerIds: readonly string[]): Promise<OwnerUser[]> {
      const found = await users.find({ _id: { $in: ownerIds.map((id) => keyOf(place, id)) } }).toArray();
      return found.map(toOwnerUser);
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

function toOwnerUser({ ownerId, name, userId }: OwnerUserDocument): OwnerUser {
  return { id: ownerId, name, userId };
}

function keyOf({ teamId, accountId }: OwnersPlace, ownerId: string): string {
  return JSON.stringify([teamId, accountId, ownerId]);
}
