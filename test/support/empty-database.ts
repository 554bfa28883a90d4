import type { Db } from 'mongodb';

/** Deletes everything that stands in a database but its indexes, so that the tests of one app start alike. */
export async function emptyDatabase(db: Db): Promise<void> {
  for (const { collectionName } of await db.collections()) await db.collection(collectionName).deleteMany({});
}
