import type { Collection, Filter } from 'mongodb';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import { type DeliveryDocument, type Division, maxAlerts } from './document.ts';

export function createDivisions(deliveries: Collection<DeliveryDocument>) {
  return {
    async setDivision(ids: readonly string[], division: Division): Promise<void> {
      await deliveries.updateMany({ _id: { $in: [...ids] }, state: 'pending' }, { $set: { division } });
    },

    /** Sends deliveries that were set apart whole with the rest again. @returns how many there were */
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

    /** Retries everything that waits at once, except what failed alone while others were sent. */
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

    /** True if parts of a message that was divided in a trouble are still to be tried. */
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
