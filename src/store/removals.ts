import type { Db } from 'mongodb';

/** A workspace that removed the app, or an account that Perly deleted: what was left of it is deleted at `purgeAt`. */
export type Removal = {
  kind: 'workspace' | 'account';
  /** The workspace's or the account's. */
  id: string;
  removedAt: Date;
  purgeAt: Date;
  /** An account: when it was deleted by the time of the world. Tokens signed until then connect and link nothing. */
  tokensUntil?: Date;
  /** An account: a newer token brought it back. */
  isBack?: boolean;
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

    async findAccount(accountId: string): Promise<Removal | undefined> {
      const found = await removals.findOne({ _id: accountKey(accountId) }, { projection: { _id: 0 } });
      return found ?? undefined;
    },

    /** Changes a removal that nobody else changed since it was read. @returns whether it was changed */
    async change(removal: Removal, set: Partial<Pick<Removal, 'purgeAt' | 'isBack'>>): Promise<boolean> {
      const { removedAt, purgeAt } = removal;
      const filter = { _id: key(removal), removedAt, purgeAt, isBack: { $ne: true } };
      return (await removals.updateOne(filter, { $set: set })).matchedCount === 1;
    },

    /** Forgets a removal, unless another one replaced it. */
    async remove(removal: Removal): Promise<void> {
      await removals.deleteOne({ _id: key(removal), removedAt: removal.removedAt, purgeAt: removal.purgeAt });
    },
  };
}
