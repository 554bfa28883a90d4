import type { DeliveryDocument } from '../../src/store/deliveries/document.ts';

/** Far ahead, so that nothing has expired by the database's clock. */
const recordedAt = new Date('2096-03-02T00:00:00Z');

/** By default a pending one of channel `T1:C1` and the demo's account. */
export function deliveryOf(_id: string, rest: Partial<DeliveryDocument> = {}): DeliveryDocument {
  return {
    _id,
    eventKey: `event of ${_id}`,
    channelId: 'T1:C1',
    accountId: 'acct_demo',
    ref: `ref of ${_id}`,
    state: 'pending',
    priority: 1,
    sequence: 0,
    attempts: 0,
    lostAnswers: 0,
    nextAttemptAt: recordedAt,
    digest: null,
    rulesEpoch: 1,
    lastError: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    createdAt: recordedAt,
    finishedAt: null,
    expiresAt: null,
    ...rest,
  };
}

/** The tenancy of such deliveries, or of those of another channel. */
export const own = (channelId = 'T1:C1') => ({ channelId, accountId: 'acct_demo' });

/** The same channel, when it served another account. */
export const foreign = { channelId: 'T1:C1', accountId: 'acct_other' };

/** So many seconds after such deliveries were recorded. */
export const at = (seconds: number) => new Date(recordedAt.getTime() + seconds * 1000);

/** The split of a delivery that is to be sent alone from now on. */
export const sentAlone = {
  maxTogether: 1,
  isPlain: false,
  isContinued: false,
  unprovenSince: null,
  isTried: false,
};
