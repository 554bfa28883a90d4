import type { Db } from 'mongodb';

/** Keeps the indexes. */
export async function emptyDatabase(db: Db): Promise<void> {
  for (const { collectionName } of await db.collections()) await db.collection(collectionName).deleteMany({});
}
