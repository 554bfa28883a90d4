import type { Db } from 'mongodb';
import { deleteById, isDuplicateKey } from './bulk.ts';

/** A workspace that removed the app, or an account that Perly deleted: what was left of it is deleted at `purgeAt`. */
export type Removal = {
  kind: 'workspace' | 'account';
  /** The workspace's or the account's. */
  id: string;
  removedAt: Date;
  purgeAt: Date;
  /** An account: when it was deleted by the time of the world. Tokens signed until then connect and link nothing. */
  tokensUntil?: Date;
  /** An account: when Perly signed the newer token that brought it back. */
  backSince?: Date;
};

const accountKey = (id: string) => JSON.stringify(['account', id]);

type RemovalDocument = Removal & { _id: string };

export type RemovalStore = ReturnType<typeof createRemovalStore>;

/** The collection `removals`: tombstones, by which recovery knows what is still to be deleted. */
export function createRemovalStore(db: Db) {
  const removals = db.collection<RemovalDocument>('removals');
  // A workspace may remove the app several times, and each time leaves something of its own.
  const key = ({ kind, id, removedAt }: Pick<Removal, 'kind' | 'id' | 'removedAt'>) =>
    kind === 'workspace' ? JSON.stringify([kind, id, removedAt]) : accountKey(id);

  return {
    /** Keeps a removal; a later one of the same account replaces it. */
    async save(removal: Removal): Promise<void> {
      await removals.replaceOne({ _id: key(removal) }, removal, { upsert: true });
    },

    /** The removals whose time has come. */
    listDue(now: Date): Promise<Removal[]> {
      return removals.find({ purgeAt: { $lte: now } }, { projection: { _id: 0 } }).toArray();
    },

    /** The workspaces that removed the app lately; some may have it again. */
    async listWorkspaces(): Promise<string[]> {
      const found = await removals.find({ kind: 'workspace' }, { projection: { _id: 0, id: 1 } }).toArray();
      return [...new Set(found.map(({ id }) => id))];
    },

    async findAccount(accountId: string): Promise<Removal | undefined> {
      const found = await removals.findOne({ _id: accountKey(accountId) }, { projection: { _id: 0 } });
      return found ?? undefined;
    },

    /**
     * Puts a removal in place of the one that was read, unless somebody else did.
     *
     * @param earlier `undefined` when there was none
     * @returns whether it was put there
     */
    async replace(earlier: Removal | undefined, removal: Removal): Promise<boolean> {
      if (earlier !== undefined)
        return (await removals.replaceOne(asRead(earlier), removal)).matchedCount === 1;
      try {
        await removals.insertOne({ _id: key(removal), ...removal });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Whether a removal is still as it was read. */
    async isCurrent(removal: Removal): Promise<boolean> {
      return (await removals.countDocuments(asRead(removal), { limit: 1 })) === 1;
    },

    /** Purges later what a removal has left, unless another one replaced it. @returns whether it does */
    async postpone(removal: Removal, purgeAt: Date): Promise<boolean> {
      return (await removals.updateOne(asRead(removal), { $set: { purgeAt } })).matchedCount === 1;
    },

    /** Forgets a removal, unless another one replaced it. */
    async remove(removal: Removal): Promise<void> {
      await deleteById(removals, asRead(removal));
    },
  };

  function asRead(removal: Removal) {
    const { removedAt, purgeAt, backSince } = removal;
    return { _id: key(removal), removedAt, purgeAt, backSince: backSince ?? { $exists: false } };
  }
}
