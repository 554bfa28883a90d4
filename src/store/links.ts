import type { Db } from 'mongodb';
import type { Actor } from './audit.ts';
import { deleteById, isDuplicateKey } from './bulk.ts';

export type AccountLink = {
  teamId: string;
  teamName: string | null;
  accountId: string;
  accountName: string | null;
  linkedBy: string;
  linkedAt: Date;
};

type AccountLinkDocument = AccountLink & {
  _id: string;
  /** Updated even if they were linked already. */
  lastLinkedAt?: Date;
  /** Set once they are no longer linked, while channels may still have to be unlinked. */
  unlinkedBy?: Actor;
  /** Distinguishes this unlinking from the next. */
  unlinkedAt?: Date;
};

export type StartedUnlink = { teamId: string; accountId: string; actor: Actor; at: Date };

type KeptUnlink = StartedUnlink & Pick<AccountLink, 'accountName'>;

export function linkKey(teamId: string, accountId: string): string {
  return JSON.stringify([teamId, accountId]);
}

/** The start of the keys of all of a workspace's links. */
export function linkKeyStart(teamId: string): string {
  return `[${JSON.stringify(teamId)},`;
}

/** The end of the keys of all of an account's links. */
export function linkKeyEnd(accountId: string): string {
  return `,${JSON.stringify(accountId)}]`;
}

const isLinked = { unlinkedBy: { $exists: false } } as const;

export type LinkStore = ReturnType<typeof createLinkStore>;

export function createLinkStore(db: Db) {
  const links = db.collection<AccountLinkDocument>('links');

  return {
    /** Returns `unlinking`, and does nothing, if an earlier unlinking may not have ended: try again. */
    async save({
      linkedBy,
      linkedAt,
      accountName,
      ...link
    }: AccountLink): Promise<'new' | 'known' | 'unlinking'> {
      try {
        const { upsertedCount } = await links.updateOne(
          { _id: linkKey(link.teamId, link.accountId), ...isLinked },
          {
            $set: { ...link, lastLinkedAt: linkedAt, ...(accountName !== null && { accountName }) },
            $setOnInsert: { linkedBy, linkedAt, ...(accountName === null && { accountName }) },
          },
          { upsert: true },
        );
        return upsertedCount === 1 ? 'new' : 'known';
      } catch (error) {
        if (isDuplicateKey(error)) return 'unlinking';
        throw error;
      }
    },

    /** Keeps the link if somebody linked or unlinked them since. */
    async remove(teamId: string, accountId: string, linkedAt: Date): Promise<void> {
      await deleteById(links, { _id: linkKey(teamId, accountId), lastLinkedAt: linkedAt, ...isLinked });
    },

    async startUnlink({ teamId, accountId, actor, at }: StartedUnlink): Promise<boolean> {
      const which = { _id: linkKey(teamId, accountId), ...isLinked };
      const change = { $set: { unlinkedBy: actor, unlinkedAt: at } };
      return (await links.updateOne(which, change)).matchedCount === 1;
    },

    /** Lists links that are being unlinked, also by a process that died. */
    async listUnlinks(): Promise<KeptUnlink[]> {
      const found = await links.find({ 'unlinkedBy.kind': { $type: 'string' } }).toArray();
      return found.flatMap(toKeptUnlink);
    },

    async findUnlink(teamId: string, accountId: string): Promise<KeptUnlink | undefined> {
      const found = await links.findOne({ _id: linkKey(teamId, accountId) });
      return found === null ? undefined : toKeptUnlink(found)[0];
    },

    finishUnlink: ({ teamId, accountId, at }: StartedUnlink): Promise<boolean> =>
      deleteById(links, { _id: linkKey(teamId, accountId), unlinkedAt: at }),

    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await links.deleteMany({ teamId, lastLinkedAt: { $not: { $gt: until } } });
    },

    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await links.deleteMany({ accountId, lastLinkedAt: { $not: { $gt: until } } });
    },

    listTeamsOfAccount: (accountId: string): Promise<string[]> => links.distinct('teamId', { accountId }),

    listByTeam: (teamId: string) => list({ teamId }),

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

function toKeptUnlink({
  teamId,
  accountId,
  accountName,
  unlinkedBy,
  unlinkedAt,
}: AccountLinkDocument): KeptUnlink[] {
  if (unlinkedBy === undefined || unlinkedAt === undefined) return [];
  return [{ teamId, accountId, accountName, actor: unlinkedBy, at: unlinkedAt }];
}
