import type { Collection, Filter, FindOptions } from 'mongodb';
import type { DeliveryDocument } from './deliveries.ts';
import { tooOld } from './delivery-states.ts';
import { readDelivery } from './schema/read-older.ts';

/** How many held deliveries are looked at together. */
const pageSize = 250;

/** What a channel's sender, the sweep and the openings ask of deliveries: what waits, and until when. */
export function createDeliveryQuestions(deliveries: Collection<DeliveryDocument>) {
  const list = (filter: Filter<DeliveryDocument>, options?: FindOptions): Promise<DeliveryDocument[]> =>
    deliveries.find(filter, options).map(readDelivery).toArray();

  return {
    /** A channel's next pending deliveries: the critical ones first, each kind in order of arrival. */
    listPending(channelId: string, limit: number): Promise<DeliveryDocument[]> {
      return list({ state: 'pending', channelId }, { sort: { priority: 1, sequence: 1 }, limit });
    },

    /** What a channel holds whose digest is due. */
    listHeldDue(channelId: string, now: Date, limit: number): Promise<DeliveryDocument[]> {
      return list({ state: 'held', channelId, nextAttemptAt: { $lte: now } }, { limit });
    },

    /** What was in a digest that Slack did not take, in order of arrival. */
    listDigest(channelId: string, limit: number): Promise<DeliveryDocument[]> {
      return list({ state: 'pending', channelId, digest: { $ne: null } }, { sort: { sequence: 1 }, limit });
    },

    /** Whether a channel has something that is due, pending or held. */
    async hasDue(channelId: string, now: Date): Promise<boolean> {
      const [pending, held] = await Promise.all([
        isDue('pending', channelId, now),
        isDue('held', channelId, now),
      ]);
      return pending || held;
    },

    /** Whether a channel holds something whose digest is due. */
    hasHeldDue: (channelId: string, now: Date) => isDue('held', channelId, now),

    /** The channels that have something pending that is due at `now`. */
    async listDueChannels(now: Date): Promise<string[]> {
      const groups = deliveries.aggregate<{ _id: string }>([
        { $match: { state: 'pending', nextAttemptAt: { $lte: now } } },
        { $group: { _id: '$channelId' } },
      ]);
      return (await groups.toArray()).map(({ _id }) => _id);
    },

    /**
     * The channels whose business hours opened, until `now`, on something held: in no order, and a channel perhaps more
     * than once. Walks over what a page holds, and leaps over what a channel holds beyond it.
     */
    async *listOpened(now: Date): AsyncGenerator<string[], void> {
      for await (const opening of openings({ $lte: now })) {
        for (let last: string | undefined = ''; last !== undefined; ) {
          const found = await deliveries
            .find(
              { ...openingAt(opening), channelId: { $gt: last } },
              { projection: { _id: 0, channelId: 1 }, sort: { channelId: 1 }, limit: pageSize },
            )
            .toArray();
          last = found.at(-1)?.channelId;
          if (last !== undefined) yield [...new Set(found.map(({ channelId }) => channelId))];
        }
      }
    },

    /** The instants, later than `from` and until `to`, at which business hours open on something held. */
    async listOpenings(from: Date, to: Date): Promise<Date[]> {
      const found: Date[] = [];
      for await (const opening of openings({ $gt: from, $lte: to })) found.push(opening);
      return found;
    },

    /** How many deliveries a channel holds whose digest is due. */
    countHeldDue(channelId: string, now: Date): Promise<number> {
      return deliveries.countDocuments({ state: 'held', channelId, nextAttemptAt: { $lte: now } });
    },

    /** What a channel holds for later and was decided by rules before `rulesEpoch`. */
    listHeldBefore(
      channelId: string,
      rulesEpoch: number,
      now: Date,
      limit: number,
    ): Promise<DeliveryDocument[]> {
      return list(
        { state: 'held', channelId, nextAttemptAt: { $gt: now }, rulesEpoch: { $lt: rulesEpoch } },
        { limit },
      );
    },

    /** How many of a channel's deliveries were given up, since `since`, because they had become too old. */
    countTooOld(channelId: string, since: Date): Promise<number> {
      return deliveries.countDocuments({
        state: 'dropped',
        channelId,
        finishedAt: { $gte: since },
        lastError: tooOld,
      });
    },
  };

  async function isDue(state: 'pending' | 'held', channelId: string, now: Date): Promise<boolean> {
    const found = await deliveries.findOne(
      { state, channelId, nextAttemptAt: { $lte: now } },
      { projection: { _id: 1 } },
    );
    return found !== null;
  }

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

function openingAt(nextAttemptAt: Date): Filter<DeliveryDocument> {
  return { state: 'held', digest: 'quiet_hours', nextAttemptAt };
}
