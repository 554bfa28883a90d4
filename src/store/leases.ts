import { type Db, MongoServerError } from 'mongodb';
import { createBatcher } from '../lib/batcher.ts';
import { unwrapBulkError } from './bulk.ts';

/** `wanted`: another process failed to get it, and relies on its holder to check for due deliveries. */
type LeaseDocument = { _id: string; holder: string; until: Date; wanted?: boolean };

export type LeaseStore = ReturnType<typeof createLeaseStore>;

/** This also matches a lease that is being created. */
const hasEnded = { $lte: [{ $ifNull: ['$until', '$$NOW'] }, '$$NOW'] };

/**
 * Leases are not part of `channels`: a query of some engines can miss a document that is being changed, and so an
 * event would be lost.
 * @param holder a unique name of this process
 */
export function createLeaseStore(
  db: Db,
  { holder, ttlMs, collection = 'leases' }: { holder: string; ttlMs: number; collection?: string },
) {
  const leases = db.collection<LeaseDocument>(collection);
  const ours = (ids: readonly string[]) => ({ _id: { $in: [...ids] }, holder });
  const later = { $add: ['$$NOW', ttlMs] };
  const name = { $literal: holder };
  // Another holder's lease is written back as it was, but marked as wanted.
  const isOurs = { $eq: ['$holder', name] };
  const mayTake = { $or: [isOurs, hasEnded] };
  const nextHolder = { $cond: [mayTake, name, '$holder'] };
  const nextUntil = { $cond: [mayTake, later, '$until'] };
  const wanted = { $ifNull: ['$wanted', false] };
  const nextWanted = { $cond: [isOurs, wanted, { $not: [hasEnded] }] };

  /** Uses a pipeline, since some engines do not support $$NOW in filters. */
  async function listEnded(): Promise<string[]> {
    const found = await leases
      .aggregate<{ _id: string; ended: boolean }>([{ $project: { ended: hasEnded } }])
      .toArray();
    return found.filter(({ ended }) => ended).map(({ _id }) => _id);
  }

  /** @returns the ids that had no lease, and are now ours */
  async function upsert(ids: readonly string[]): Promise<Set<string>> {
    const { upsertedIds } = await leases.bulkWrite(
      ids.map((_id) => ({
        updateOne: {
          filter: { _id },
          update: [{ $set: { holder: nextHolder, until: nextUntil, wanted: nextWanted } }],
          upsert: true,
        },
      })),
      { ordered: false },
    );
    return new Set(Object.values(upsertedIds).map(String));
  }

  async function acquireAll(ids: readonly string[]): Promise<Set<string>> {
    // If two processes create a lease at once, the loser finds it the second time. MongoDB reports a duplicate key,
    // DocumentDB another error.
    const made = await upsert(ids).catch((error: unknown) => {
      if (unwrapBulkError(error) instanceof MongoServerError) return upsert(ids);
      throw error;
    });
    const others = ids.filter((id) => !made.has(id));
    return others.length === 0 ? made : new Set([...made, ...(await listOwn(others))]);
  }

  async function acquireEach(ids: readonly string[]): Promise<boolean[]> {
    const taken = await acquireAll(ids);
    return ids.map((id) => taken.has(id));
  }

  async function listOwn(ids: readonly string[]): Promise<string[]> {
    const found = await leases.find(ours(ids), { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  async function releaseEach(groups: readonly (readonly string[])[]): Promise<boolean[]> {
    const ids = groups.flat();
    const { deletedCount } = await leases.deleteMany({ ...ours(ids), wanted: { $ne: true } });
    if (deletedCount === ids.length) return groups.map(() => false);
    const wanted = ids.length === 1 ? ids : await listOwn(ids);
    const deleted = await leases.deleteMany(ours(ids));
    // A query of some engines can miss a document that is being changed; then any of them may have been wanted.
    const areKnown = deleted.deletedCount === wanted.length;
    return groups.map((group) => !areKnown || group.some((id) => wanted.includes(id)));
  }

  /** Creates expired leases; one that somebody acquired meanwhile stays as it is. */
  async function offerEach(groups: readonly (readonly string[])[]): Promise<undefined[]> {
    const ended = { holder: { $ifNull: ['$holder', name] }, until: { $ifNull: ['$until', '$$NOW'] } };
    await leases.bulkWrite(
      groups
        .flat()
        .map((_id) => ({ updateOne: { filter: { _id }, update: [{ $set: ended }], upsert: true } })),
      { ordered: false },
    );
    return groups.map(() => undefined);
  }

  const offerTogether = createBatcher(offerEach);

  return {
    /** Also succeeds if the lease is already ours: the answer to an earlier attempt may have been lost. */
    acquire: createBatcher(acquireEach),

    acquireAll,

    /** @returns the leases that are still ours; lost ones are not reacquired */
    async renew(ids: readonly string[]): Promise<Set<string>> {
      const { matchedCount } = await leases.updateMany(ours(ids), [{ $set: { until: later } }]);
      if (matchedCount === ids.length) return new Set(ids);
      return new Set(await listOwn(ids));
    },

    /** @returns whether another holder wanted the lease meanwhile */
    release: createBatcher(releaseEach),

    /** Leaves released channels to other processes, which find them with the next `listAbandoned`. */
    async offer(ids: readonly string[]): Promise<void> {
      await offerTogether(ids);
    },

    listAbandoned: listEnded,

    async listFree(ids: readonly string[]): Promise<string[]> {
      const ended = new Set(await listEnded());
      const held = await leases.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } }).toArray();
      const taken = new Set(held.map(({ _id }) => _id).filter((id) => !ended.has(id)));
      return ids.filter((id) => !taken.has(id));
    },
  };
}

/** Deletes leases that others left in the database, for a process that is alone and writes none there. */
export async function deleteLeases(db: Db): Promise<void> {
  await db.collection('leases').deleteMany({});
}
