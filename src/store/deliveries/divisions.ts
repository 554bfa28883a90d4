import type { Collection, Filter } from 'mongodb';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import { type DeliveryDocument, type Division, maxAlerts } from './document.ts';

export function createDivisions(deliveries: Collection<DeliveryDocument>) {
  return {
    async setDivision(ids: readonly string[], division: Division): Promise<void> {
      await deliveries.updateMany({ _id: { $in: [...ids] }, state: 'pending' }, { $set: { division } });
    },

    /** For deliveries set apart whole, if the trouble was not theirs alone. @returns how many there were */
    async rejoin(tenancy: Tenancy, since: Date): Promise<number> {
      const { matchedCount } = await deliveries.updateMany(
        { ...tenancyFilter(tenancy), state: 'pending', ...wholeIn(since) },
        { $set: { 'division.maxTogether': null } },
      );
      return matchedCount;
    },

    async delayUntil(ids: readonly string[], nextAttemptAt: Date): Promise<void> {
      await deliveries.updateMany({ _id: { $in: [...ids] }, state: 'pending' }, { $set: { nextAttemptAt } });
    },

    /** Except what failed alone while others were sent. */
    async retryNow(tenancy: Tenancy, now: Date): Promise<void> {
      await deliveries.updateMany(
        {
          ...tenancyFilter(tenancy),
          state: 'pending',
          nextAttemptAt: { $gt: now },
          $or: [{ 'division.maxTogether': null }, { 'division.unprovenSince': { $ne: null } }],
        },
        { $set: { nextAttemptAt: now } },
      );
    },

    async continueDigest(tenancy: Tenancy): Promise<void> {
      await deliveries.updateMany(ofDividedDigest(tenancy), { $set: { 'division.isContinued': true } });
    },

    async mergeDigest(tenancy: Tenancy): Promise<void> {
      await deliveries.updateMany(ofDividedDigest(tenancy), {
        $set: { 'division.maxTogether': Number.MAX_SAFE_INTEGER, 'division.isPlain': false },
      });
    },

    /** Of a message that was divided in a trouble; they are still to be tried. */
    async hasParts(tenancy: Tenancy, since: Date): Promise<boolean> {
      const part = {
        state: 'pending',
        ...tenancyFilter(tenancy),
        'division.unprovenSince': since,
        'division.maxTogether': { $gte: 1, $lt: maxAlerts },
      } as const;
      return (await deliveries.findOne(part, { projection: { _id: 1 } })) !== null;
    },
  };
}

function wholeIn(since: Date): Filter<DeliveryDocument> {
  return { 'division.unprovenSince': since, 'division.maxTogether': maxAlerts };
}

function ofDividedDigest(tenancy: Tenancy): Filter<DeliveryDocument> {
  return {
    ...tenancyFilter(tenancy),
    state: 'pending',
    digest: { $ne: null },
    'division.maxTogether': { $ne: null },
  };
}
