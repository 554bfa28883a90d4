import type { Db } from 'mongodb';
import type { PerlyEvent } from '../perly/event.ts';
import type { Decision } from '../rules/decide.ts';
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
