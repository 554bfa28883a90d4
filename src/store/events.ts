import type { Db } from 'mongodb';
import type { PerlyEvent } from '../perly/event.ts';
import type { DecidableEvent, Decision } from '../rules/decide.ts';
import { insertMissing } from './bulk.ts';

/** What the rules of one channel said of an event, and which of its rules they were. */
export type ChannelDecision = Decision & { channelId: string; rulesEpoch: number };

/** An event with its decisions. `_id` is its key, `sequence` its place in the order of arrival. */
export type EventDocument = {
  _id: string;
  accountId: string;
  eventId: string;
  /** SHA-256 of the content, to tell a repeat from another event with the same id. */
  digest: string;
  sequence: number;
  event: PerlyEvent;
  decisions: ChannelDecision[];
  receivedAt: Date;
  expiresAt: Date;
};

/** The part of an event that rules look at, and when it came. */
type DecidableDocument = Pick<EventDocument, 'receivedAt'> & { event: DecidableEvent };

/** How many places in the order of arrival a millisecond has. */
export const sequencesPerMs = 1000;

export type EventStore = ReturnType<typeof createEventStore>;

/** The collection `events`. */
export function createEventStore(db: Db) {
  const events = db.collection<EventDocument>('events');
  const among = (keys: readonly string[]) => ({ _id: { $in: [...keys] } });
  return {
    /** Inserts in one command. @returns the positions of the events whose id was taken already */
    insert: (documents: readonly EventDocument[]) => insertMissing(events, documents),

    listByKeys(keys: readonly string[]): Promise<EventDocument[]> {
      return events.find(among(keys)).toArray();
    },

    /** An account's events that were decided for a channel, the latest first. @param before a `sequence` */
    listOfChannel(
      accountId: string,
      channelId: string,
      { before, limit }: { before: number; limit: number },
    ): Promise<EventDocument[]> {
      return events
        .find(
          { accountId, sequence: { $lt: before }, 'decisions.channelId': channelId },
          { sort: { sequence: -1 }, limit },
        )
        .toArray();
    },

    /** What rules look at of an account's events since `since`, the latest first. */
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
              'event.risk_level': 1,
              'event.health_score': 1,
            },
          },
        )
        .toArray();
    },

    /** What Perly posted, without what became of it. */
    listContents(keys: readonly string[]): Promise<Pick<EventDocument, '_id' | 'event'>[]> {
      return events.find(among(keys), { projection: { event: 1 } }).toArray();
    },
  };
}

/** The `_id` of an event's document: unambiguous whatever the two ids hold. */
export function eventKey(accountId: string, eventId: string): string {
  return JSON.stringify([accountId, eventId]);
}
