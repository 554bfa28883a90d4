import type { Db, Document, Filter } from 'mongodb';
import type { ChannelDocument } from '../channels/document.ts';
import type { DeliveryDocument } from '../deliveries/document.ts';
import { deliveryRef } from '../deliveries/ref.ts';
import { fromEventKey } from '../events.ts';
import { inBatches } from '../in-batches.ts';
import type { Migration } from './migration.ts';

/**
 * Version 2 brings quiet hours and controls in messages. A delivery says for which digest it was held (`digest`, where
 * there was `digestId`), which of its channel's rules decided it, and what its controls know it by; a channel counts
 * the changes of its settings, and knows when it broke and since when it serves.
 *
 * Sent and dropped deliveries stay as they were: nobody asks for these fields in them, and they expire.
 */
export const toVersion2: Migration = {
  version: 2,
  oldestProcess: 1,
  async *run(db) {
    yield* repairChannels(db);
    // `null` finds what has no such field, by an index; what version 2 holds always has a digest.
    yield* repairDeliveries(db, { state: 'held', digest: null });
    yield* repairDeliveries(db, { state: 'pending', digest: { $exists: false } });
    yield* repairDeliveries(db, { state: 'failed', digest: { $exists: false } });
    await dropRetiredIndexes(db);
  },
};

/** Whatever was there before the counting began has this number. */
const uncounted = { $literal: 0 };

async function* repairChannels(db: Db): AsyncGenerator<number, void> {
  const channels = db.collection<ChannelDocument>('channels');
  const old = { version: { $exists: false } };
  for await (const batch of inBatches(channels.find(old, { projection: { _id: 1 } }))) {
    const { modifiedCount } = await channels.updateMany({ ...among(batch), ...old }, [
      {
        $set: {
          version: uncounted,
          rulesEpoch: { $ifNull: ['$rulesEpoch', uncounted] },
          needsReevaluation: { $ifNull: ['$needsReevaluation', false] },
          servesSince: { $ifNull: ['$servesSince', '$createdAt'] },
          expiresAt: { $ifNull: ['$expiresAt', null] },
          brokenAt: {
            $ifNull: ['$brokenAt', { $cond: [{ $eq: ['$status', 'broken'] }, '$$NOW', null] }],
          },
        },
      },
    ]);
    yield modifiedCount;
  }
}

async function* repairDeliveries(db: Db, old: Filter<DeliveryDocument>): AsyncGenerator<number, void> {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const found = deliveries.find(old, { projection: { eventKey: 1, channelId: 1, state: 1 } });
  for await (const batch of inBatches(found)) {
    const { modifiedCount } = await deliveries.bulkWrite(
      batch.map(({ _id, eventKey }) => ({
        updateOne: {
          filter: { _id, digest: { $exists: false } },
          update: [{ $set: repaired(_id, eventKey) }],
        },
      })),
      { ordered: false },
    );
    // The sweep looks after what channels hold that broke at some time, also after one that is back already.
    await db
      .collection<ChannelDocument>('channels')
      .updateMany({ ...among(batch.filter(isHeld), 'channelId'), brokenAt: null }, [
        { $set: { brokenAt: '$$NOW' } },
      ]);
    yield modifiedCount;
  }
}

/** In version 1 only a broken channel had a digest; what it holds is due as soon as it is back. */
function repaired(id: string, eventKey: string): Document {
  const held = { $eq: ['$state', 'held'] };
  const inDigest = { $ne: [{ $ifNull: ['$digestId', null] }, null] };
  return {
    digest: { $cond: [{ $or: [held, inDigest] }, 'broken', null] },
    nextAttemptAt: { $cond: [held, { $min: ['$nextAttemptAt', '$$NOW'] }, '$nextAttemptAt'] },
    accountId: { $literal: fromEventKey(eventKey).accountId },
    ref: { $literal: deliveryRef(id) },
    rulesEpoch: uncounted,
    acknowledgedBy: null,
    acknowledgedAt: null,
  };
}

function isHeld({ state }: Pick<DeliveryDocument, 'state'>): boolean {
  return state === 'held';
}

/** Those that a batch of `T` names by one of its fields. */
function among<T extends { _id: string }>(batch: readonly T[], by: keyof T = '_id') {
  return { _id: { $in: [...new Set(batch.map((document) => String(document[by])))] } };
}

/** Indexes of version 1 that version 2 has in another form, and so under another name. */
const retiredIndexes = ['held', 'failed'];

/** A process of version 1 that starts meanwhile makes them again, which nobody minds. */
async function dropRetiredIndexes(db: Db): Promise<void> {
  const deliveries = db.collection('deliveries');
  const present = new Set((await deliveries.indexes()).map(({ name }) => name));
  for (const name of retiredIndexes) if (present.has(name)) await deliveries.dropIndex(name);
}
