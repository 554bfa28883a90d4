import type { Db } from 'mongodb';
import type { Actor } from './audit.ts';

/** A workspace and an account that belong together. Either may have several of the other. */
export type AccountLink = {
  teamId: string;
  teamName: string | null;
  accountId: string;
  /** As Perly calls it; `null` when it did not say. */
  accountName: string | null;
  /** The Slack user who did it. */
  linkedBy: string;
  linkedAt: Date;
};

type AccountLinkDocument = AccountLink & {
  _id: string;
  /** When somebody linked them last, also while they were linked already. */
  lastLinkedAt?: Date;
  /** Who unlinked them: they are not linked any more, and channels may still have to be taken away from the account. */
  unlinkedBy?: Actor;
};

/** A workspace and an account that were unlinked, while that is not done in all channels. */
export type StartedUnlink = { teamId: string; accountId: string; actor: Actor };

const isLinked = { unlinkedBy: { $exists: false } } as const;

export type LinkStore = ReturnType<typeof createLinkStore>;

/** The collection `links`: which accounts' alerts a workspace may get. */
export function createLinkStore(db: Db) {
  const links = db.collection<AccountLinkDocument>('links');
  const key = (teamId: string, accountId: string) => JSON.stringify([teamId, accountId]);

  return {
    /** Links a workspace and an account; names are brought up to date where they are linked already. @returns whether they were not */
    async save({ linkedBy, linkedAt, accountName, ...link }: AccountLink): Promise<boolean> {
      const _id = key(link.teamId, link.accountId);
      await links.deleteOne({ _id, unlinkedBy: { $exists: true } });
      const { upsertedCount } = await links.updateOne(
        { _id },
        {
          $set: { ...link, lastLinkedAt: linkedAt, ...(accountName !== null && { accountName }) },
          $setOnInsert: { linkedBy, linkedAt, ...(accountName === null && { accountName }) },
        },
        { upsert: true },
      );
      return upsertedCount === 1;
    },

    /** Removes a link if nobody linked them since. */
    async remove(teamId: string, accountId: string, linkedAt: Date): Promise<void> {
      await links.deleteOne({ _id: key(teamId, accountId), lastLinkedAt: linkedAt });
    },

    /** Says that a workspace and an account are not linked any more. @returns whether they were */
    async startUnlink({ teamId, accountId, actor }: StartedUnlink): Promise<boolean> {
      const which = { _id: key(teamId, accountId), ...isLinked };
      return (await links.updateOne(which, { $set: { unlinkedBy: actor } })).matchedCount === 1;
    },

    /** Those that a process which died may have left. */
    async listUnlinks(): Promise<(StartedUnlink & Pick<AccountLink, 'accountName'>)[]> {
      const found = await links.find({ 'unlinkedBy.kind': { $type: 'string' } }).toArray();
      return found.flatMap(({ teamId, accountId, accountName, unlinkedBy }) =>
        unlinkedBy === undefined ? [] : [{ teamId, accountId, accountName, actor: unlinkedBy }],
      );
    },

    /** Forgets the link, unless they were linked again meanwhile. */
    async finishUnlink({ teamId, accountId }: StartedUnlink): Promise<void> {
      await links.deleteOne({ _id: key(teamId, accountId), unlinkedBy: { $exists: true } });
    },

    /** @param until what was linked later stays: the workspace installed the app again */
    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await links.deleteMany({ teamId, lastLinkedAt: { $not: { $gt: until } } });
    },

    async removeOfAccount(accountId: string): Promise<void> {
      await links.deleteMany({ accountId });
    },

    /** The accounts of a workspace, in the order in which they came. */
    listByTeam: (teamId: string) => list({ teamId }),

    /** The workspaces of an account, likewise. */
    listByAccount: (accountId: string) => list({ accountId }),
  };

  function list(filter: { teamId: string } | { accountId: string }): Promise<AccountLink[]> {
    return links
      .find(
        { ...filter, ...isLinked },
        { sort: { linkedAt: 1, _id: 1 }, projection: { _id: 0, lastLinkedAt: 0 } },
      )
      .toArray();
  }
}
