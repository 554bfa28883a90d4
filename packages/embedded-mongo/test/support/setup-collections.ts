import type { Collection, Db, Document } from 'mongodb';
import { afterAll, beforeAll } from 'vitest';
import { openTestDatabase, type TestDatabase } from './open-test-database.ts';

/** A database for the tests of a file, on the engine of the whole run, with a new collection whenever one is wanted. */
export function setupCollections() {
  let database: TestDatabase;
  let counter = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());
  const create = (): Collection => database.db.collection(`items_${++counter}`);
  return {
    /** A new collection. */
    create,
    get db(): Db {
      return database.db;
    },
    /** A collection of these documents. */
    async given(documents: readonly Document[]): Promise<Collection> {
      const items = create();
      if (documents.length > 0) await items.insertMany([...documents]);
      return items;
    },
  };
}
