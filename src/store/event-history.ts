import type { Collection, Document } from 'mongodb';
import type { Decision } from '../domain/decide.ts';
import type { PerlyEvent } from '../domain/event.ts';
import { maxNotRepeated } from '../domain/repeats.ts';
import type { EventDocument } from './event-document.ts';

export const maxExamined = 2000;

const maxSearched = 5000;

export type NamedCustomer = { id: string; name: string };

type HistoryQuery = {
  /** Lists only events before this `sequence`. */
  before: number;
  limit: number;
  customerId?: string | undefined;
  outcomes?: readonly Decision['outcome'][] | undefined;
};

/** MongoDB allows 1,000 stages in a pipeline. */
const maxUnited = 500;

/** Query for events like this one that a channel suppressed as repeats. */
export type NotRepeatedQuery = {
  event: PerlyEvent;
  channelId: string;
  /** The deliveries that count them. */
  counting: readonly string[];
  /** A `sequence` before all of these events. */
  after: number;
};

function notRepeatedStages(
  { event: { account_id: accountId, customer, type }, channelId, counting, after }: NotRepeatedQuery,
  index: number,
): Document[] {
  const isCounted = {
    accountId,
    'event.customer.id': customer.id,
    sequence: { $gt: after },
    'event.type': type,
    decisions: { $elemMatch: { channelId, repeatOf: { $in: [...counting] } } },
  };
  return [
    { $match: isCounted },
    { $limit: maxNotRepeated },
    { $group: { _id: { $literal: index }, count: { $sum: 1 } } },
  ];
}

/** Latest first; each query reads a bounded number of entries of an index. */
export function createEventHistory(events: Collection<EventDocument>) {
  return {
    /** @returns `end`: the position at which the search ended before the limit or the oldest event was reached */
    async listOfChannel(
      accountId: string,
      channelId: string,
      { before, limit, customerId, outcomes }: HistoryQuery,
    ): Promise<{ found: EventDocument[]; end: number | undefined }> {
      const own = { accountId, ...(customerId !== undefined && { 'event.customer.id': customerId }) };
      const last = await events.findOne(
        { ...own, sequence: { $lt: before } },
        { sort: { sequence: -1 }, skip: maxExamined - 1, projection: { _id: 0, sequence: 1 } },
      );
      const decided = { channelId, ...(outcomes !== undefined && { outcome: { $in: [...outcomes] } }) };
      const found = await events
        .find(
          {
            ...own,
            sequence: { $lt: before, ...(last !== null && { $gte: last.sequence }) },
            decisions: { $elemMatch: decided },
          },
          { sort: { sequence: -1 }, limit },
        )
        .toArray();
      return { found, end: found.length < limit ? last?.sequence : undefined };
    },

    /** Counts at most `maxNotRepeated` for each query. */
    async countNotRepeated(queries: readonly NotRepeatedQuery[]): Promise<number[]> {
      const counts = queries.map(() => 0);
      for (let from = 0; from < queries.length; from += maxUnited) {
        const pipelines = queries.slice(from, from + maxUnited).map(notRepeatedStages);
        const [first = [], ...others] = pipelines;
        const united = others.map((pipeline) => ({ $unionWith: { coll: events.collectionName, pipeline } }));
        const found = events.aggregate<{ _id: number; count: number }>([...first, ...united]);
        for await (const { _id: index, count } of found) counts[from + index] = count;
      }
      return counts;
    },

    /** Lists each customer with its latest name. */
    async listCustomers(accountId: string): Promise<NamedCustomer[]> {
      const latest = events.find(
        { accountId },
        {
          sort: { sequence: -1 },
          limit: maxSearched,
          batchSize: maxSearched,
          projection: { _id: 0, 'event.customer.id': 1, 'event.customer.name': 1 },
        },
      );
      const names = new Map<string, string>();
      for await (const { event } of latest)
        if (!names.has(event.customer.id)) names.set(event.customer.id, event.customer.name);
      return [...names].map(([id, name]) => ({ id, name }));
    },

    async findCustomer(accountId: string, customerId: string): Promise<NamedCustomer | undefined> {
      const latest = await events.findOne(
        { accountId, 'event.customer.id': customerId },
        { sort: { sequence: -1 }, projection: { 'event.customer': 1 } },
      );
      return latest === null ? undefined : { id: customerId, name: latest.event.customer.name };
    },
  };
}
