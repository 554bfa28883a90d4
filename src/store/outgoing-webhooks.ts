import type { Db } from 'mongodb';
import { insertMissing } from './bulk.ts';
import type { Tenancy } from './tenancy.ts';

/** Something that Perly is to be told. `_id` is the message's id, the same at every try. */
export type OutgoingWebhookDocument = {
  _id: string;
  channelId: string;
  accountId: string;
  /** Its place among the notices of its channel and account. */
  sequence: number;
  /** The JSON that is posted. */
  body: string;
  /** Tries that failed. */
  attempts: number;
  nextAttemptAt: Date;
  createdAt: Date;
};

/** What stays of a notice for a while, so that whoever comes late with the same one does not tell it once more. */
type DeliveredWebhook = { _id: string; accountId: string; expiresAt: Date };

export type OutgoingWebhookStore = ReturnType<typeof createOutgoingWebhookStore>;

/**
 * The collection `outgoingWebhooks`: an outbox. Of a notice that Perly has, or that was given up, only its id stays for a
 * while.
 */
export function createOutgoingWebhookStore(db: Db) {
  const outgoingWebhooks = db.collection<OutgoingWebhookDocument>('outgoingWebhooks');
  // The same collection: its ids are what tells one notice from the next.
  const told = db.collection<DeliveredWebhook>('outgoingWebhooks');

  return {
    /** A notice whose id is there, or was lately, is not added again. */
    async add(webhook: OutgoingWebhookDocument): Promise<void> {
      await insertMissing(outgoingWebhooks, [webhook]);
    },

    /** What Perly is to be told next of a channel and its account, due or not. */
    async findNext({ channelId, accountId }: Tenancy): Promise<OutgoingWebhookDocument | undefined> {
      return (
        (await outgoingWebhooks.findOne({ channelId, accountId }, { sort: { sequence: 1 } })) ?? undefined
      );
    },

    async postpone(id: string, nextAttemptAt: Date): Promise<void> {
      await outgoingWebhooks.updateOne({ _id: id }, { $set: { nextAttemptAt }, $inc: { attempts: 1 } });
    },

    /** Takes a notice out. Its id is kept until `expiresAt`. */
    async finish({ _id, accountId }: OutgoingWebhookDocument, expiresAt: Date): Promise<void> {
      await told.replaceOne({ _id }, { accountId, expiresAt });
    },

    /** Deletes what Perly is still to be told of a workspace's channels. */
    async removeOfChannels(channelIds: readonly string[]): Promise<void> {
      await outgoingWebhooks.deleteMany({ channelId: { $in: [...channelIds] } });
    },

    /** Deletes what an account was or is to be told, but for notices that were added after an instant. */
    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await outgoingWebhooks.deleteMany({ accountId, createdAt: { $not: { $gt: until } } });
    },

    /** The channels, with their accounts at the time, of which Perly is to be told something. */
    async listTenancies(): Promise<Tenancy[]> {
      const groups = outgoingWebhooks.aggregate<{ _id: Tenancy }>([
        { $match: { channelId: { $type: 'string' } } },
        { $group: { _id: { channelId: '$channelId', accountId: '$accountId' } } },
      ]);
      return (await groups.toArray()).map(({ _id }) => _id);
    },
  };
}
