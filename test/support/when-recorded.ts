import type { Db } from 'mongodb';
import { expect } from 'vitest';

/** @returns the number of channels, mutes and owners with changes that may not be in the audit trail yet */
export async function countUnpublished(db: Db): Promise<number> {
  const count = (collection: string) =>
    db.collection(collection).countDocuments({ 'outbox.id': { $exists: true } });
  return (await count('channels')) + (await count('mutes')) + (await count('ownerUsers'));
}

/**
 * Waits until all changes are in the audit trail. The app then still writes to the changed documents once more, without
 * waiting: a `deleteOne` at the same time deletes nothing on some engines.
 */
export async function whenRecorded(db: Db): Promise<void> {
  await expect.poll(() => countUnpublished(db)).toBe(0);
}
