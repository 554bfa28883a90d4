import type { Db } from 'mongodb';

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
};

export type LinkStore = ReturnType<typeof createLinkStore>;

/** The collection `links`: which accounts' alerts a workspace may get. */
export function createLinkStore(db: Db) {
  const links = db.collection<AccountLinkDocument>('links');
  const key = (teamId: string, accountId: string) => JSON.stringify([teamId, accountId]);

  return {
    /** Links a workspace and an account; names are brought up to date where they are linked already. @returns whether they were not */
    async save({ linkedBy, linkedAt, accountName, ...link }: AccountLink): Promise<boolean> {
      const { upsertedCount } = await links.updateOne(
        { _id: key(link.teamId, link.accountId) },
        {
          $set: { ...link, lastLinkedAt: linkedAt, ...(accountName !== null && { accountName }) },
          $setOnInsert: { linkedBy, linkedAt, ...(accountName === null && { accountName }) },
        },
        { upsert: true },
      );
      return upsertedCount === 1;
    },

    /**
     * @param linkedAt removes the link only if nobody linked them since
     * @returns whether they were linked
     */
    async remove(teamId: string, accountId: string, linkedAt?: Date): Promise<boolean> {
      const which = { _id: key(teamId, accountId), ...(linkedAt && { lastLinkedAt: linkedAt }) };
      return (await links.deleteOne(which)).deletedCount === 1;
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
      .find(filter, { sort: { linkedAt: 1, _id: 1 }, projection: { _id: 0, lastLinkedAt: 0 } })
      .toArray();
  }
}
