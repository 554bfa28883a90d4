import type { Collection, Filter } from 'mongodb';
import type { DeliveryDocument } from './deliveries/document.ts';
import { distinctTenancies, type Tenancy } from './tenancy.ts';

const pageSize = 250;

export function createOpeningQueries(deliveries: Collection<DeliveryDocument>) {
  return {
    /** Yields channels in any order, possibly repeated. Of each channel, reads at most a page. */
    async *listOpened(now: Date): AsyncGenerator<Tenancy[], void> {
      for await (const opening of openings({ $lte: now })) {
        for (let last: string | undefined = ''; last !== undefined; ) {
          const found = await deliveries
            .find(
              { ...openingAt(opening), channelId: { $gt: last } },
              {
                projection: { _id: 0, channelId: 1, accountId: 1 },
                sort: { channelId: 1 },
                limit: pageSize,
              },
            )
            .toArray();
          last = found.at(-1)?.channelId;
          if (last !== undefined) yield distinctTenancies(found);
        }
      }
    },

    async listOpenings(from: Date, to: Date): Promise<Date[]> {
      const found: Date[] = [];
      for await (const opening of openings({ $gt: from, $lte: to })) found.push(opening);
      return found;
    },
  };

  async function* openings(range: { $gt?: Date; $lte: Date }): AsyncGenerator<Date, void> {
    let next = range;
    for (;;) {
      const found = await deliveries.findOne(
        { state: 'held', digest: 'quiet_hours', nextAttemptAt: next },
        { projection: { nextAttemptAt: 1 }, sort: { nextAttemptAt: 1 } },
      );
      if (found === null) return;
      yield found.nextAttemptAt;
      next = { ...range, $gt: found.nextAttemptAt };
    }
  }
}

function openingAt(nextAttemptAt: Date): Filter<DeliveryDocument> {
  return { state: 'held', digest: 'quiet_hours', nextAttemptAt };
}
