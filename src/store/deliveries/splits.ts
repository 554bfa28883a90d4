import type { Collection, Filter } from 'mongodb';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import { type DeliveryDocument, maxAlerts, type Split } from './document.ts';

export function createSplits(deliveries: Collection<DeliveryDocument>) {
  return {
    async setSplit(ids: readonly string[], split: Split): Promise<void> {
      await deliveries.updateMany({ _id: { $in: [...ids] }, state: 'pending' }, { $set: { split } });
    },

    /** Sends deliveries that were set apart, but not split, with the rest again. @returns their number */
    async rejoin(tenancy: Tenancy, since: Date): Promise<number> {
      const { matchedCount } = await deliveries.updateMany(
        { ...tenancyFilter(tenancy), state: 'pending', ...wholeIn(since) },
        { $set: { 'split.maxTogether': null } },
      );
      return matchedCount;
    },

    async delayUntil(ids: readonly string[], nextAttemptAt: Date): Promise<void> {
      await deliveries.updateMany({ _id: { $in: [...ids] }, state: 'pending' }, { $set: { nextAttemptAt } });
    },

    /** Makes all waiting retries due now, except those of alerts that failed alone while others were sent. */
    async retryNow(tenancy: Tenancy, now: Date): Promise<void> {
      await deliveries.updateMany(
        {
          ...tenancyFilter(tenancy),
          state: 'pending',
          nextAttemptAt: { $gt: now },
          $or: [
            { 'split.maxTogether': null },
            { 'split.unprovenSince': { $ne: null } },
            { 'split.isTried': false },
          ],
        },
        { $set: { nextAttemptAt: now } },
      );
    },

    async continueDigest(tenancy: Tenancy): Promise<void> {
      await deliveries.updateMany(ofSplitDigest(tenancy), { $set: { 'split.isContinued': true } });
    },

    /** Alerts of a customer who is sent apart stay apart, since Slack may refuse more of them. */
    async mergeDigest(tenancy: Tenancy): Promise<void> {
      await deliveries.updateMany(
        { ...ofSplitDigest(tenancy), 'split.maxOfCustomer': { $exists: false } },
        { $set: { 'split.maxTogether': Number.MAX_SAFE_INTEGER, 'split.isPlain': false } },
      );
    },

    /** True if parts of a message that was split in this trouble have not been tried yet. */
    async hasParts(tenancy: Tenancy, since: Date): Promise<boolean> {
      const part = {
        state: 'pending',
        ...tenancyFilter(tenancy),
        'split.unprovenSince': { $type: 'date', $eq: since },
        'split.maxTogether': { $gte: 1, $lt: maxAlerts },
        'split.isTried': true,
      } as const;
      return (await deliveries.findOne(part, { projection: { _id: 1 } })) !== null;
    },
  };
}

function wholeIn(since: Date): Filter<DeliveryDocument> {
  return { 'split.unprovenSince': { $type: 'date', $eq: since }, 'split.maxTogether': maxAlerts };
}

function ofSplitDigest(tenancy: Tenancy): Filter<DeliveryDocument> {
  return {
    ...tenancyFilter(tenancy),
    state: 'pending',
    digest: { $ne: null },
    'split.maxTogether': { $ne: null },
  };
}
