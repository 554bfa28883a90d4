import type { Collection, Filter } from 'mongodb';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import { type DeliveryDocument, type Division, maxAlerts } from './document.ts';

/** What a channel's sender notes and asks of deliveries that go apart from the rest, or wait for their retry. */
export function createDivisions(deliveries: Collection<DeliveryDocument>) {
  return {
    /** Says how pending ones go on when their time comes. */
    async setDivision(ids: readonly string[], division: Division): Promise<void> {
      await deliveries.updateMany({ _id: { $in: [...ids] }, state: 'pending' }, { $set: { division } });
    },

    /**
     * Has those go with the rest again that were set apart whole, in a trouble that is not theirs alone.
     *
     * @returns how many there were
     */
    async rejoin(tenancy: Tenancy, since: Date): Promise<number> {
      const { matchedCount } = await deliveries.updateMany(
        { ...tenancyFilter(tenancy), state: 'pending', ...wholeIn(since) },
        { $set: { 'division.maxTogether': null } },
      );
      return matchedCount;
    },

    /** Has pending ones wait until another instant, which costs them no try. */
    async delayUntil(ids: readonly string[], nextAttemptAt: Date): Promise<void> {
      await deliveries.updateMany({ _id: { $in: [...ids] }, state: 'pending' }, { $set: { nextAttemptAt } });
    },

    /** Has all that waits for its retry tried at once, but for what failed alone while others were sent. */
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

    /** Says of what is left of a channel's divided digest that a part of it was sent. */
    async continueDigest(tenancy: Tenancy): Promise<void> {
      await deliveries.updateMany(ofDividedDigest(tenancy), { $set: { 'division.isContinued': true } });
    },

    /** Puts together again what is left of a channel's divided digest. */
    async mergeDigest(tenancy: Tenancy): Promise<void> {
      await deliveries.updateMany(ofDividedDigest(tenancy), {
        $set: { 'division.maxTogether': Number.MAX_SAFE_INTEGER, 'division.isPlain': false },
      });
    },

    /** Whether parts of a message are still to be tried that was divided in a trouble. */
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

/** What was set apart in a trouble and not divided yet. */
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
