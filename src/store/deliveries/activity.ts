import type { Collection } from 'mongodb';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import { type DeliveryDocument, isAlert } from './document.ts';

/** Position in the list: `skip` of the deliveries that ended at `at` come before it. */
type FinishedPosition = { at: Date; skip: number };

/** Each page is read from an index of the state. */
export function createActivityQueries(deliveries: Collection<DeliveryDocument>) {
  return {
    /** Lists the latest first. Deliveries of a digest finish together, so a position counts them. */
    listFinished: (
      tenancy: Tenancy,
      state: 'sent' | 'failed',
      from: FinishedPosition | undefined,
      limit: number,
    ): Promise<DeliveryDocument[]> =>
      deliveries
        .find(
          {
            state,
            ...tenancyFilter(tenancy),
            ...isAlert,
            ...(from !== undefined && { finishedAt: { $lte: from.at } }),
          },
          { sort: { finishedAt: -1 }, skip: from?.skip ?? 0, limit },
        )
        .toArray(),

    /** Lists the latest first. @param before a `sequence` */
    listBefore: (
      tenancy: Tenancy,
      state: 'held' | 'dropped',
      before: number,
      limit: number,
    ): Promise<DeliveryDocument[]> =>
      deliveries
        .find(
          { state, ...tenancyFilter(tenancy), ...isAlert, sequence: { $lt: before } },
          { sort: { sequence: -1 }, limit },
        )
        .toArray(),
  };
}
