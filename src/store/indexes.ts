import type { Db, IndexDescription } from 'mongodb';

/** Every index of ours, by collection; `_id` has its own. */
const indexes: Record<string, IndexDescription[]> = {
  installations: [],
  // The channels that an account's event is decided for.
  channels: [{ name: 'account', key: { accountId: 1 } }],
  leases: [],
  events: [{ name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 }],
  deliveries: [
    // A channel's next alerts, and every channel that has some: small, since what is sent leaves it.
    {
      name: 'pending',
      key: { state: 1, channelId: 1, priority: 1, sequence: 1 },
      partialFilterExpression: { state: 'pending' },
    },
    // What waits for its channel to come back, and what somebody has to look at.
    { name: 'held', key: { state: 1, channelId: 1 }, partialFilterExpression: { state: 'held' } },
    { name: 'failed', key: { state: 1, finishedAt: -1 }, partialFilterExpression: { state: 'failed' } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
};

/** Creates the collections and indexes that are missing; safe to run in every process at every start. */
export async function ensureIndexes(db: Db): Promise<void> {
  for (const [collection, descriptions] of Object.entries(indexes)) {
    if (descriptions.length > 0) await db.collection(collection).createIndexes(descriptions);
  }
}
