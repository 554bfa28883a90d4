import type { Collection, Document } from 'mongodb';
import type { EventType } from '../../domain/vocabulary.ts';
import { dayMs } from '../../lib/time.ts';
import { afterRetention } from '../retention.ts';
import type { DeliveryDocument, RepeatMark } from './document.ts';

export type SimilarAlert = Pick<
  DeliveryDocument,
  '_id' | 'channelId' | 'state' | 'sequence' | 'createdAt' | 'finishedAt'
> & { repeat: RepeatMark };

const similarFields = {
  channelId: 1,
  state: 1,
  sequence: 1,
  createdAt: 1,
  finishedAt: 1,
  repeat: 1,
} as const;

/** The key is the same in all of the account's channels. */
export function similarKey(accountId: string, customerId: string, type: EventType): string {
  return JSON.stringify([accountId, customerId, type]);
}

export function similarStages(keys: readonly string[], now: Date): Document[] {
  return [{ $match: similarTo(keys, now) }, { $project: similarFields }];
}

function similarTo(keys: readonly string[], now: Date) {
  return { 'repeat.key': { $in: [...keys] }, 'repeat.until': { $type: 'date' as const, $gt: now } };
}

export function createRepeatStore(deliveries: Collection<DeliveryDocument>) {
  return {
    listSimilar: (keys: readonly string[], now: Date): Promise<SimilarAlert[]> =>
      deliveries.find<SimilarAlert>(similarTo(keys, now), { projection: similarFields }).toArray(),

    /** Keeps alerts until the next similar one, which says how many were suppressed as repeats. */
    async beginCount(ids: readonly string[], now: Date): Promise<void> {
      await deliveries.updateMany(
        { _id: { $in: [...ids] } },
        { $set: { 'repeat.isCounting': true, 'repeat.until': afterRetention(now) } },
      );
    },

    async endCount(ids: readonly string[], now: Date): Promise<void> {
      const until = new Date(now.getTime() + dayMs);
      await deliveries.updateMany(
        { _id: { $in: [...ids] } },
        { $unset: { 'repeat.isCounting': '' }, $set: { 'repeat.until': until } },
      );
    },
  };
}
