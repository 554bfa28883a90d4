import type { Db } from 'mongodb';
import { afterAll, beforeAll } from 'vitest';
import { type EmbeddedDatabase, openEmbeddedDatabase } from './open-embedded-database.ts';

/** One embedded database for the tests of a file, whatever the engine under test is. */
export function setupEmbeddedDatabase(options?: Parameters<typeof openEmbeddedDatabase>[0]) {
  let database: EmbeddedDatabase;
  beforeAll(async () => {
    database = await openEmbeddedDatabase(options);
  });
  afterAll(() => database.close());
  return {
    get db(): Db {
      return database.db;
    },
    get uri(): string {
      return database.store.uri;
    },
  };
}
