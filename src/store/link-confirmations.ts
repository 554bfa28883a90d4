import type { Db } from 'mongodb';
import { deleteById } from './bulk.ts';

export type LinkConfirmation = {
  teamId: string;
  teamName: string | null;
  userId: string;
  /** A random id. */
  requestId: string;
  accountId: string;
  accountName: string | null;
  /** When Perly signed the token that named the account. */
  tokenIssuedAt: Date;
  askedAt: Date;
  expiresAt: Date;
};

type LinkConfirmationDocument = LinkConfirmation & { _id: string };

type Person = Pick<LinkConfirmation, 'teamId' | 'userId'>;

export type LinkConfirmationStore = ReturnType<typeof createLinkConfirmationStore>;

const withoutId = { projection: { _id: 0 } } as const;

export function createLinkConfirmationStore(db: Db) {
  const confirmations = db.collection<LinkConfirmationDocument>('linkConfirmations');
  const key = ({ teamId, userId }: Person) => `${teamId}:${userId}`;

  return {
    async save(confirmation: LinkConfirmation): Promise<void> {
      await confirmations.replaceOne({ _id: key(confirmation) }, confirmation, { upsert: true });
    },

    async find(person: Person, now: Date): Promise<LinkConfirmation | undefined> {
      const filter = { _id: key(person), expiresAt: { $gt: now } };
      return (await confirmations.findOne(filter, withoutId)) ?? undefined;
    },

    remove: (person: Person, requestId: string): Promise<boolean> =>
      deleteById(confirmations, { _id: key(person), requestId }),

    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await confirmations.deleteMany({ teamId, askedAt: { $not: { $gt: until } } });
    },

    async removeOfLink(teamId: string, accountId: string): Promise<void> {
      await confirmations.deleteMany({ teamId, accountId });
    },

    listTeamsOfAccount: (accountId: string): Promise<string[]> =>
      confirmations.distinct('teamId', { accountId }),

    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await confirmations.deleteMany({ accountId, askedAt: { $not: { $gt: until } } });
    },
  };
}
