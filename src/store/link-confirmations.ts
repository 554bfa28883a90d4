import type { Db } from 'mongodb';
import { deleteById } from './bulk.ts';

/** Links a workspace to an account once the person who began it confirms in Slack. */
export type LinkConfirmation = {
  teamId: string;
  teamName: string | null;
  /** The Slack user who began it, and who alone may confirm. */
  userId: string;
  /** Tells it from the person's earlier ones; random. */
  requestId: string;
  accountId: string;
  /** As Perly calls it; `null` when it did not say. */
  accountName: string | null;
  /** When Perly signed the token that named the account. */
  tokenIssuedAt: Date;
  askedAt: Date;
  expiresAt: Date;
};

type LinkConfirmationDocument = LinkConfirmation & { _id: string };

/** Whose confirmation it is. */
type Person = Pick<LinkConfirmation, 'teamId' | 'userId'>;

export type LinkConfirmationStore = ReturnType<typeof createLinkConfirmationStore>;

const withoutId = { projection: { _id: 0 } } as const;

/** The collection `linkConfirmations`: at most one for each person in a workspace. */
export function createLinkConfirmationStore(db: Db) {
  const confirmations = db.collection<LinkConfirmationDocument>('linkConfirmations');
  const key = ({ teamId, userId }: Person) => `${teamId}:${userId}`;

  return {
    /** Keeps a confirmation; it replaces the person's earlier one. */
    async save(confirmation: LinkConfirmation): Promise<void> {
      await confirmations.replaceOne({ _id: key(confirmation) }, confirmation, { upsert: true });
    },

    /** What a person may confirm at `now`. */
    async find(person: Person, now: Date): Promise<LinkConfirmation | undefined> {
      const filter = { _id: key(person), expiresAt: { $gt: now } };
      return (await confirmations.findOne(filter, withoutId)) ?? undefined;
    },

    /** Takes a confirmation out, unless it was replaced. @returns whether it was taken out here */
    remove: (person: Person, requestId: string): Promise<boolean> =>
      deleteById(confirmations, { _id: key(person), requestId }),

    /** @param until what was asked later stays */
    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await confirmations.deleteMany({ teamId, askedAt: { $not: { $gt: until } } });
    },

    /** Removes what waits for people of a workspace, of an account that is not to be linked there any more. */
    async removeOfLink(teamId: string, accountId: string): Promise<void> {
      await confirmations.deleteMany({ teamId, accountId });
    },

    /** @param until what was asked later stays */
    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await confirmations.deleteMany({ accountId, askedAt: { $not: { $gt: until } } });
    },
  };
}
