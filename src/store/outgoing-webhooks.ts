import type { Db } from 'mongodb';
import { insertMissing } from './bulk.ts';
import { listTenancies } from './list-tenancies.ts';
import type { Tenancy } from './tenancy.ts';

/** `_id` is the same at every attempt. */
export type OutgoingWebhookDocument = {
  _id: string;
  channelId: string;
  accountId: string;
  sequence: number;
  body: string;
  attempts: number;
  nextAttemptAt: Date;
  createdAt: Date;
};

type DeliveredWebhook = { _id: string; accountId: string; expiresAt: Date };

export type OutgoingWebhookStore = ReturnType<typeof createOutgoingWebhookStore>;

/** An outbox. Once a message was delivered or given up, only its id is kept for a while. */
export function createOutgoingWebhookStore(db: Db) {
  const outgoingWebhooks = db.collection<OutgoingWebhookDocument>('outgoingWebhooks');
  const delivered = db.collection<DeliveredWebhook>('outgoingWebhooks');

  return {
    async add(webhook: OutgoingWebhookDocument): Promise<void> {
      await insertMissing(outgoingWebhooks, [webhook]);
    },

    async findNext({ channelId, accountId }: Tenancy): Promise<OutgoingWebhookDocument | undefined> {
      return (
        (await outgoingWebhooks.findOne({ channelId, accountId }, { sort: { sequence: 1 } })) ?? undefined
      );
    },

    async postpone(id: string, nextAttemptAt: Date): Promise<void> {
      await outgoingWebhooks.updateOne({ _id: id }, { $set: { nextAttemptAt }, $inc: { attempts: 1 } });
    },

    async finish({ _id, accountId }: OutgoingWebhookDocument, expiresAt: Date): Promise<void> {
      await delivered.replaceOne({ _id }, { accountId, expiresAt });
    },

    async removeOfChannels(channelIds: readonly string[]): Promise<void> {
      await outgoingWebhooks.deleteMany({ channelId: { $in: [...channelIds] } });
    },

    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await outgoingWebhooks.deleteMany({ accountId, createdAt: { $not: { $gt: until } } });
    },

    listTenancies: (): Promise<Tenancy[]> => listTenancies(outgoingWebhooks, {}),
  };
}
