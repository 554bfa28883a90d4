import type { Db } from 'mongodb';
import type { DecidableEvent } from '../domain/decide.ts';
import type { PerlyEvent } from '../domain/event.ts';
import { createBatcher } from '../lib/batcher.ts';
import { createExpiringCache } from '../lib/expiring-cache.ts';
import { unique } from '../lib/group-by.ts';
import { deleteAll, insertMissing, updateAll } from './bulk.ts';
import type { DeliveryDocument } from './deliveries/document.ts';
import type { ChannelDecision, EventDocument } from './event-document.ts';
import { createEventHistory } from './event-history.ts';
import { createOrderedInsert } from './insert-in-order.ts';

type DecidableDocument = Pick<EventDocument, 'receivedAt'> & {
  event: DecidableEvent & { customer: { name: string } };
};

/** Number of positions per millisecond in the order of arrival. */
export const sequencesPerMs = 1000;

/** Contents never change, and most are read right after they arrive. */
export const maxCachedEvents = { maxSize: 5000, sizeCalculation: () => 1, ttl: 60_000 };

export type EventStore = ReturnType<typeof createEventStore>;

export function createEventStore(db: Db) {
  const events = db.collection<EventDocument>('events');
  const insertInOrder = createOrderedInsert(db);
  const contents = createExpiringCache<PerlyEvent>(maxCachedEvents);
  const among = (keys: readonly string[]) => ({ _id: { $in: [...keys] } });

  /** Channels that send the same events at the same time share a query. */
  const readContents = createBatcher(
    async (requests: readonly (readonly string[])[]): Promise<Map<string, PerlyEvent>[]> => {
      const found = new Map<string, PerlyEvent>();
      const keys = unique(requests.flat());
      for await (const { _id, event } of events.find(among(keys), { projection: { event: 1 } })) {
        // In a full cache, this event would evict the oldest one, which is the next to be sent.
        if (contents.calculatedSize < maxCachedEvents.maxSize) contents.set(_id, event);
        found.set(_id, event);
      }
      return requests.map(() => found);
    },
    { sizeOf: ({ length }) => length },
  );

  return {
    /** @returns the positions of events whose id already existed */
    async insert(documents: readonly EventDocument[]): Promise<Set<number>> {
      const taken = await insertMissing(events, documents);
      for (const [index, { _id, event }] of documents.entries())
        if (!taken.has(index)) contents.set(_id, event);
      return taken;
    },

    /**
     * Inserts events and then their deliveries with one command, up to the first that already exists.
     * @returns their number; `undefined` if the engine refused or does not know the command
     */
    async insertWithDeliveries(
      documents: readonly EventDocument[],
      deliveries: readonly DeliveryDocument[],
    ): Promise<number | undefined> {
      const inserted = await insertInOrder({ events: documents, deliveries });
      for (const { _id, event } of documents.slice(0, inserted ?? 0)) contents.set(_id, event);
      return inserted;
    },

    listByKeys(keys: readonly string[]): Promise<EventDocument[]> {
      return events.find(among(keys)).toArray();
    },

    ...createEventHistory(events),

    listDecidable(accountId: string, since: Date, limit: number): Promise<DecidableDocument[]> {
      return events
        .find(
          { accountId, sequence: { $gte: since.getTime() * sequencesPerMs } },
          {
            sort: { sequence: -1 },
            limit,
            projection: {
              _id: 0,
              receivedAt: 1,
              'event.type': 1,
              'event.customer.id': 1,
              'event.customer.name': 1,
              'event.customer.owner.id': 1,
              'event.risk_level': 1,
              'event.health_score': 1,
            },
          },
        )
        .toArray();
    },

    async hasSince(accountId: string, since: Date): Promise<boolean> {
      const filter = { accountId, sequence: { $gte: since.getTime() * sequencesPerMs } };
      return (await events.findOne(filter, { projection: { _id: 1 } })) !== null;
    },

    async listContents(keys: readonly string[]): Promise<Map<string, PerlyEvent>> {
      const found = new Map<string, PerlyEvent>();
      for (const key of keys) {
        const event = contents.get(key);
        if (event !== undefined) found.set(key, event);
      }
      // A query of some engines can miss a document that is being changed.
      for (let reads = 0; reads < 2; reads++) {
        const missing = keys.filter((key) => !found.has(key));
        if (missing.length === 0) break;
        const read = await readContents(missing);
        for (const key of missing) {
          const event = read.get(key);
          if (event !== undefined) found.set(key, event);
        }
      }
      return found;
    },

    /**
     * Records repeats that were detected only after the event was stored.
     * @param repeatOf by channel, the delivery that counts the repeat
     */
    async suppressRepeated(
      { _id, decisions }: EventDocument,
      repeatOf: ReadonlyMap<string, string | undefined>,
    ): Promise<void> {
      const changed = decisions.map(
        (decision): ChannelDecision =>
          repeatOf.has(decision.channelId)
            ? {
                channelId: decision.channelId,
                rulesEpoch: decision.rulesEpoch,
                servesSince: decision.servesSince,
                outcome: 'suppress',
                reason: 'repeated',
                repeatOf: repeatOf.get(decision.channelId),
              }
            : decision,
      );
      const unchanged = decisions.map((each) => ({ 'decisions.channelId': each.channelId }));
      await events.updateOne({ _id, $and: unchanged }, { $set: { decisions: changed } });
    },

    async removeDecisionsOfChannels(accountId: string, channelIds: readonly string[]): Promise<void> {
      const ofChannels = { channelId: { $in: [...channelIds] } };
      await updateAll(
        events,
        { accountId, decisions: { $elemMatch: ofChannels } },
        { $pull: { decisions: ofChannels } },
      );
    },

    /** Other processes forget their cached events within a minute. */
    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await deleteAll(events, { accountId, receivedAt: { $lte: until } });
      contents.clear();
    },
  };
}

/** The range includes keys that start with an event key. */
export function eventKeysOf(accountId: string): { $gt: string; $lt: string } {
  const start = JSON.stringify([accountId]).slice(0, -1);
  // `-` is the character after the comma that follows the account.
  return { $gt: `${start},`, $lt: `${start}-` };
}

/** Builds a key that is unambiguous for any two ids. */
export function eventKey(accountId: string, eventId: string): string {
  return JSON.stringify([accountId, eventId]);
}

export function fromEventKey(key: string): { accountId: string; eventId: string } {
  const [accountId, eventId]: unknown[] = JSON.parse(key);
  return { accountId: String(accountId), eventId: String(eventId) };
}

export function receivedAt({ sequence }: Pick<EventDocument, 'sequence'>): Date {
  return new Date(Math.floor(sequence / sequencesPerMs));
}

/**
 * Returns milliseconds since 1970 times 1000, growing with every call: exact in a double, with room for a
 * thousand events per millisecond.
 */
export function createSequence(): (now: Date) => number {
  let last = 0;
  return (now) => {
    last = Math.max(last + 1, now.getTime() * sequencesPerMs);
    return last;
  };
}
