import type { Db } from 'mongodb';
import { deleteById, isDuplicateKey } from './bulk.ts';

export type Removal = {
  kind: 'workspace' | 'account';
  id: string;
  removedAt: Date;
  purgeAt: Date;
  /** Only for an account, by wall-clock time: tokens signed until then connect and link nothing. */
  tokensUntil?: Date;
  /** Only for an account: when Perly signed the newer token that brought it back. */
  backSince?: Date;
};

const accountKey = (id: string) => JSON.stringify(['account', id]);

type RemovalDocument = Removal & { _id: string };

export type RemovalStore = ReturnType<typeof createRemovalStore>;

/** Tombstones, from which recovery knows what is still to be deleted. */
export function createRemovalStore(db: Db) {
  const removals = db.collection<RemovalDocument>('removals');
  // A workspace may remove the app several times, each time with data of its own.
  const key = ({ kind, id, removedAt }: Pick<Removal, 'kind' | 'id' | 'removedAt'>) =>
    kind === 'workspace' ? JSON.stringify([kind, id, removedAt]) : accountKey(id);

  return {
    async save(removal: Removal): Promise<void> {
      await removals.replaceOne({ _id: key(removal) }, removal, { upsert: true });
    },

    listDue(now: Date): Promise<Removal[]> {
      return removals.find({ purgeAt: { $lte: now } }, { projection: { _id: 0 } }).toArray();
    },

    async listWorkspaces(): Promise<string[]> {
      const found = await removals.find({ kind: 'workspace' }, { projection: { _id: 0, id: 1 } }).toArray();
      return [...new Set(found.map(({ id }) => id))];
    },

    async findAccount(accountId: string): Promise<Removal | undefined> {
      const found = await removals.findOne({ _id: accountKey(accountId) }, { projection: { _id: 0 } });
      return found ?? undefined;
    },

    /** Replaces a removal unless it changed since it was read. @param earlier `undefined` if none existed */
    async replace(earlier: Removal | undefined, removal: Removal): Promise<boolean> {
      if (earlier !== undefined)
        return (await removals.replaceOne(matchUnchanged(earlier), removal)).matchedCount === 1;
      try {
        await removals.insertOne({ _id: key(removal), ...removal });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    async isCurrent(removal: Removal): Promise<boolean> {
      return (await removals.countDocuments(matchUnchanged(removal), { limit: 1 })) === 1;
    },

    async postpone(removal: Removal, purgeAt: Date): Promise<boolean> {
      return (await removals.updateOne(matchUnchanged(removal), { $set: { purgeAt } })).matchedCount === 1;
    },

    async remove(removal: Removal): Promise<void> {
      await deleteById(removals, matchUnchanged(removal));
    },
  };

  function matchUnchanged(removal: Removal) {
    const { removedAt, purgeAt, backSince } = removal;
    return { _id: key(removal), removedAt, purgeAt, backSince: backSince ?? { $exists: false } };
  }
}
