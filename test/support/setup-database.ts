import type { Db } from 'mongodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { ensureIndexes } from '../../src/store/indexes.ts';

/** A database with its indexes, empty before each test of a file. */
export function setupDatabase(): { readonly db: Db } {
  let database: TestDatabase | undefined;
  const used = new Set<string>();
  beforeAll(async () => {
    database = await openTestDatabase();
    await ensureIndexes(database.db);
    noteCollections(database.db, used);
  });
  afterAll(() => database?.close());
  beforeEach(async () => {
    for (const name of used) await database?.db.collection(name).deleteMany({});
  });
  return {
    get db() {
      if (database === undefined) throw new Error('The database is open from the first test on.');
      return database.db;
    },
  };
}

/** Adds the name of each collection that is used from now on, which is a few of all. */
function noteCollections(db: Db, used: Set<string>): void {
  const collection = db.collection.bind(db);
  Object.assign(db, {
    collection(...args: Parameters<Db['collection']>) {
      used.add(args[0]);
      return collection(...args);
    },
  });
}
