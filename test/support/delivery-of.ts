import type { DeliveryDocument } from '../../src/store/deliveries/document.ts';

/** When it was recorded, and is due: far ahead, so that no engine finds what follows from it expired. */
const recordedAt = new Date('2096-03-02T00:00:00Z');

/** A pending delivery of the channel `T1:C1` and the demo's account, but for what is said of it. */
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
