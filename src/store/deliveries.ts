import type { Db } from 'mongodb';
import { insertMissing } from './bulk.ts';

/** `pending → sent`, `pending → failed`; a failed try leaves it `pending` (DESIGN.md section 5). */
type DeliveryState = 'pending' | 'sent' | 'failed';

/** The duty to get one alert into one channel. `_id` says which: an event and a channel have one. */
export type DeliveryDocument = {
  _id: string;
  eventKey: string;
  channelId: string;
  state: DeliveryState;
  /** 0 for a critical alert, which goes ahead of the rest; 1 for the rest. */
  priority: 0 | 1;
  /** The event's place in the order of arrival. */
  sequence: number;
  /** Tries that failed. */
  attempts: number;
  nextAttemptAt: Date;
  lastError: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  /** When a finished delivery is deleted; `null` while there is something left to do. */
  expiresAt: Date | null;
};

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

/** The collection `deliveries`. Each change of state is one update, guarded by the state that it leaves. */
export function createDeliveryStore(db: Db) {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const pending = (ids: readonly string[]) => ({ _id: { $in: [...ids] }, state: 'pending' as const });

  return {
    /** Inserts in one command those that are not there yet. */
    async insert(documents: readonly DeliveryDocument[]): Promise<void> {
      await insertMissing(deliveries, documents);
    },

    listByIds(ids: readonly string[]): Promise<DeliveryDocument[]> {
      return deliveries.find({ _id: { $in: [...ids] } }).toArray();
    },

    /** A channel's next pending deliveries: the critical ones first, each kind in order of arrival. */
    listPending(channelId: string, limit: number): Promise<DeliveryDocument[]> {
      return deliveries
        .find({ state: 'pending', channelId }, { sort: { priority: 1, sequence: 1 }, limit })
        .toArray();
    },

    /** The channels that have something pending. */
    async listPendingChannels(): Promise<string[]> {
      const groups = deliveries.aggregate<{ _id: string }>([
        { $match: { state: 'pending' } },
        { $group: { _id: '$channelId' } },
      ]);
      return (await groups.toArray()).map(({ _id }) => _id);
    },

    /** `pending → sent` or `pending → failed`. */
    async finish(
      ids: readonly string[],
      state: 'sent' | 'failed',
      at: { finishedAt: Date; expiresAt: Date },
      lastError: string | null = null,
    ): Promise<void> {
      await deliveries.updateMany(pending(ids), { $set: { state, lastError, ...at } });
    },

    /** Stays `pending` after a failed try. */
    async postpone(ids: readonly string[], nextAttemptAt: Date, lastError: string): Promise<void> {
      await deliveries.updateMany(pending(ids), {
        $set: { nextAttemptAt, lastError },
        $inc: { attempts: 1 },
      });
    },
  };
}

/** The `_id` of a delivery. */
export function deliveryKey(eventKey: string, channelId: string): string {
  return `${eventKey} ${channelId}`;
}
