import type { Collection } from 'mongodb';
import type { Decision } from '../domain/decide.ts';
import type { EventDocument } from './event-document.ts';

/** Maximum number of events that a page looks through for those it lists. */
export const maxExamined = 2000;

/** Maximum number of events in which customers are looked for: the latest ones. */
const maxSearched = 5000;

export type NamedCustomer = { id: string; name: string };

type HistoryQuery = {
  /** A `sequence`: lists only earlier events. */
  before: number;
  limit: number;
  customerId?: string | undefined;
  /** Lists only events that were decided so. */
  outcomes?: readonly Decision['outcome'][] | undefined;
};

/** The events of an account, latest first, each query with a bounded number of entries of an index. */
export function createEventHistory(events: Collection<EventDocument>) {
  return {
    /**
     * Events that were decided for a channel.
     * @returns `end`: the position at which the search ended before the limit or the oldest event was reached
     */
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

    /** The customers of the account's latest events, each with its latest name. */
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

    /** A customer of any of the account's events that are kept; `undefined` if there is none. */
    async findCustomer(accountId: string, customerId: string): Promise<NamedCustomer | undefined> {
      const latest = await events.findOne(
        { accountId, 'event.customer.id': customerId },
        { sort: { sequence: -1 }, projection: { 'event.customer': 1 } },
      );
      return latest === null ? undefined : { id: customerId, name: latest.event.customer.name };
    },
  };
}
