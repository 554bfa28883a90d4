import type { Db } from 'mongodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { ensureIndexes } from '../../src/store/indexes.ts';
import { emptyDatabase } from './empty-database.ts';

/** A database with its indexes, empty before each test of a file. */
export function setupDatabase(): { readonly db: Db } {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await openTestDatabase();
    await ensureIndexes(database.db);
  });
  afterAll(() => database?.close());
  beforeEach(async () => {
    if (database !== undefined) await emptyDatabase(database.db);
  });
  return {
    get db() {
      if (database === undefined) throw new Error('The database is open from the first test on.');
      return database.db;
    },
  };
}
