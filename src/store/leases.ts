import { type Db, MongoServerError } from 'mongodb';
import { createBatcher } from '../lib/batcher.ts';

/** Which process serves a channel, until when by the database's clock. `_id` is the channel's. */
type LeaseDocument = { _id: string; holder: string; until: Date };

export type LeaseStore = ReturnType<typeof createLeaseStore>;

/** Whether a lease has ended, or is only being made. */
const hasEnded = { $lte: [{ $ifNull: ['$until', '$$NOW'] }, '$$NOW'] };

/**
 * The collection `leases`, or another one for leases on something else: one document for each channel that is being
 * served; its holder is the only process that sends to the channel. They end by the database's clock (`$$NOW`), so that
 * the clocks of the processes may differ.
 *
 * They do not stand in `channels`: they change with every message, and an engine may leave out of a query what is
 * being changed beside it, which would lose that channel an event.
 *
 * @param holder names this process, and no other one ever
 * @param ttlMs how long a lease lasts unless it is renewed
 */
export function createLeaseStore(
  db: Db,
  { holder, ttlMs, collection = 'leases' }: { holder: string; ttlMs: number; collection?: string },
) {
  const leases = db.collection<LeaseDocument>(collection);
  const ours = (ids: readonly string[]) => ({ _id: { $in: [...ids] }, holder });
  const later = { $add: ['$$NOW', ttlMs] };
  const name = { $literal: holder };
  // A lease that is another's is written as it was.
  const mayTake = { $or: [{ $eq: ['$holder', name] }, hasEnded] };
  const nextHolder = { $cond: [mayTake, name, '$holder'] };
  const nextUntil = { $cond: [mayTake, later, '$until'] };

  /** A pipeline, since not every engine takes $$NOW in the filter of a query. */
  async function listEnded(): Promise<string[]> {
    const found = await leases
      .aggregate<{ _id: string; ended: boolean }>([{ $project: { ended: hasEnded } }])
      .toArray();
    return found.filter(({ ended }) => ended).map(({ _id }) => _id);
  }

  /** One command for all. @returns those of them that had no lease, and so are ours */
  async function upsert(ids: readonly string[]): Promise<Set<string>> {
    const { upsertedIds } = await leases.bulkWrite(
      ids.map((_id) => ({
        updateOne: {
          filter: { _id },
          update: [{ $set: { holder: nextHolder, until: nextUntil } }],
          upsert: true,
        },
      })),
      { ordered: false },
    );
    return new Set(Object.values(upsertedIds).map(String));
  }

  async function acquireAll(ids: readonly string[]): Promise<Set<string>> {
    // Two that make the first lease of a channel can meet: the one that loses finds it the second time. MongoDB says
    // that the key is there already, DocumentDB something else.
    const made = await upsert(ids).catch((error: unknown) => {
      if (error instanceof MongoServerError) return upsert(ids);
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

  async function releaseEach(groups: readonly (readonly string[])[]): Promise<undefined[]> {
    await leases.deleteMany(ours(groups.flat()));
    return groups.map(() => undefined);
  }

  return {
    /**
     * Takes a channel's lease in one atomic update, if it is free; one that we have, perhaps without knowing since the
     * answer got lost, is taken again.
     */
    acquire: createBatcher(acquireEach),

    /** The same for many at once. @returns those that are ours now */
    acquireAll,

    /** Makes leases last anew. @returns those that are still ours; a lost one is not taken back */
    async renew(ids: readonly string[]): Promise<Set<string>> {
      const { matchedCount } = await leases.updateMany(ours(ids), [{ $set: { until: later } }]);
      if (matchedCount === ids.length) return new Set(ids);
      return new Set(await listOwn(ids));
    },

    /** Gives leases back; one that is not ours any more stays as it is. */
    release: createBatcher(releaseEach),

    /** Ends every lease, whoever has it: only for a process that is alone on its database. */
    async endAll(): Promise<void> {
      await leases.deleteMany({});
    },

    /** The channels whose holder died: their leases ended and were not given back. */
    listAbandoned: listEnded,

    /** Those of the channels that no living process serves. */
    async listFree(ids: readonly string[]): Promise<string[]> {
      const ended = new Set(await listEnded());
      const held = await leases.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } }).toArray();
      const taken = new Set(held.map(({ _id }) => _id).filter((id) => !ended.has(id)));
      return ids.filter((id) => !taken.has(id));
    },
  };
}
