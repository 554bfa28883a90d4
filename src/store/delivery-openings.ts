import type { Collection, Filter } from 'mongodb';
import type { DeliveryDocument } from './deliveries/document.ts';
import type { Tenancy } from './tenancy.ts';

/** How many held deliveries are looked at together. */
const pageSize = 250;

/** At which instants business hours open on something held, and in which channels. */
export function createOpeningQuestions(deliveries: Collection<DeliveryDocument>) {
  return {
    /**
     * In which channels business hours opened, until `now`, on something held of which accounts: in no order, and
     * perhaps more than once. Walks over what a page holds, and leaps over what a channel holds beyond it.
     */
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
          if (last !== undefined) yield withoutRepeats(found);
        }
      }
    },

    /** The instants, later than `from` and until `to`, at which business hours open on something held. */
    async listOpenings(from: Date, to: Date): Promise<Date[]> {
      const found: Date[] = [];
      for await (const opening of openings({ $gt: from, $lte: to })) found.push(opening);
      return found;
    },
  };

  /** Walks from one instant to the next, whatever is held at each. */
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

function withoutRepeats(tenancies: readonly Tenancy[]): Tenancy[] {
  const byKey = new Map(tenancies.map((each) => [JSON.stringify([each.channelId, each.accountId]), each]));
  return [...byKey.values()];
}

function openingAt(nextAttemptAt: Date): Filter<DeliveryDocument> {
  return { state: 'held', digest: 'quiet_hours', nextAttemptAt };
}
