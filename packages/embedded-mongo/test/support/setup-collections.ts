import type { Collection, Db, Document } from 'mongodb';
import { afterAll, beforeAll } from 'vitest';
import { openTestDatabase, type TestDatabase } from './open-test-database.ts';

/** On the engine under test. */
export function setupCollections() {
  let database: TestDatabase;
  let counter = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());
  const create = (): Collection => database.db.collection(`items_${++counter}`);
  return {
    create,
    get db(): Db {
      return database.db;
    },
    async collectionWith(documents: readonly Document[]): Promise<Collection> {
      const items = create();
      if (documents.length > 0) await items.insertMany([...documents]);
      return items;
    },
  };
}
