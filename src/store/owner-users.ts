import type { Db, Document } from 'mongodb';
import type { Owner } from '../domain/owner.ts';
import type { Actor } from './audit.ts';
import { deleteById } from './bulk.ts';
import { newChangeId } from './channels/outbox.ts';

/** `before` and `after`: the owner's Slack user. */
type OwnerUserChange = {
  id: string;
  at: Date;
  actor: Actor;
  before: string | null;
  after: string | null;
};

type OwnerUserDocument = {
  _id: string;
  teamId: string;
  accountId: string;
  ownerId: string;
  name: string;
  /** `null` once it was removed, until that is published. */
  userId: string | null;
  setAt: Date;
  outbox?: OwnerUserChange[];
};

export type OwnersPlace = { teamId: string; accountId: string };

export type OwnerUser = Owner & { userId: string };

/** An owner whose changes are not published. */
export type ChangedOwner = { place: OwnersPlace; ownerId: string; outbox: OwnerUserChange[] };

export type OwnerUserStore = ReturnType<typeof createOwnerUserStore>;

const isSet = { userId: { $type: 'string' } } as const;
const hasOutbox = { 'outbox.id': { $type: 'string' } } as const;

/**
 * Slack users of owners, kept while workspace and account are linked. A change and its outbox entry are one
 * write, so that no crash can separate them.
 */
export function createOwnerUserStore(db: Db) {
  const users = db.collection<OwnerUserDocument>('ownerUsers');

  return {
    async save(place: OwnersPlace, user: OwnerUser, actor: Actor, now: Date): Promise<ChangedOwner> {
      const { id: ownerId, name, userId } = user;
      const set = { ...place, ownerId, name, userId, setAt: now };
      const changed = await users.findOneAndUpdate(
        { _id: keyOf(place, ownerId) },
        [appendToOutbox(userId, actor, now), { $set: toLiterals(set) }],
        { upsert: true, returnDocument: 'after' },
      );
      return { place, ownerId, outbox: changed?.outbox ?? [] };
    },

    /** @returns `undefined` if the owner had no Slack user */
    async remove(
      place: OwnersPlace,
      ownerId: string,
      actor: Actor,
      now: Date,
    ): Promise<ChangedOwner | undefined> {
      const changed = await users.findOneAndUpdate(
        { _id: keyOf(place, ownerId), ...isSet },
        [appendToOutbox(null, actor, now), { $set: { userId: null, setAt: now } }],
        { returnDocument: 'after' },
      );
      return changed === null ? undefined : toChangedOwner(changed);
    },

    async listUnpublished(): Promise<ChangedOwner[]> {
      return (await users.find(hasOutbox).toArray()).map(toChangedOwner);
    },

    async markPublished({ place, ownerId, outbox }: ChangedOwner): Promise<void> {
      const _id = keyOf(place, ownerId);
      await users.updateOne({ _id }, { $pull: { outbox: { id: { $in: outbox.map(({ id }) => id) } } } });
      await deleteById(users, { _id, userId: null, 'outbox.id': { $exists: false } });
    },

    async list({ teamId, accountId }: OwnersPlace, limit = 0): Promise<OwnerUser[]> {
      return (await users.find({ teamId, accountId, ...isSet }, { limit }).toArray()).flatMap(toOwnerUser);
    },

    async listByIds(place: OwnersPlace, ownerIds: readonly string[]): Promise<OwnerUser[]> {
      const found = await users.find({ _id: { $in: ownerIds.map((id) => keyOf(place, id)) } }).toArray();
      return found.flatMap(toOwnerUser);
    },

    /** Keeps owners with unpublished changes, without their users, until these are published. */
    async removeOfLink({ teamId, accountId }: OwnersPlace): Promise<void> {
      await users.updateMany({ teamId, accountId, ...hasOutbox }, { $set: { userId: null } });
      await users.deleteMany({ teamId, accountId, 'outbox.id': { $exists: false } });
    },

    /** @param until keeps users that were set later */
    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await users.deleteMany({ teamId, setAt: { $not: { $gt: until } } });
    },

    /** @param until keeps users that were set later */
    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await users.deleteMany({ accountId, setAt: { $not: { $gt: until } } });
    },
  };
}

/** Appends nothing if the user stays the same. */
function appendToOutbox(after: string | null, actor: Actor, at: Date): Document {
  const before = { $ifNull: ['$userId', null] };
  const earlier = { $ifNull: ['$outbox', []] };
  const change = { ...toLiterals({ id: newChangeId(), at, actor, after }), before };
  const isSame = { $eq: [before, { $literal: after }] };
  return { $set: { outbox: { $cond: [isSame, earlier, { $concatArrays: [earlier, [change]] }] } } };
}

function toLiterals(fields: Document): Document {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { $literal: value }]));
}

function toChangedOwner({ teamId, accountId, ownerId, outbox = [] }: OwnerUserDocument): ChangedOwner {
  return { place: { teamId, accountId }, ownerId, outbox };
}

function toOwnerUser({ ownerId, name, userId }: OwnerUserDocument): OwnerUser[] {
  return userId === null ? [] : [{ id: ownerId, name, userId }];
}

function keyOf({ teamId, accountId }: OwnersPlace, ownerId: string): string {
  return JSON.stringify([teamId, accountId, ownerId]);
}
