import { randomBytes } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { inject } from 'vitest';

export type TestDatabase = {
  /** Empty, with a name of its own. */
  db: Db;
  client: MongoClient;
  uri: string;
  close(): Promise<void>;
};

/** Of all tests of this process: connecting takes longer than most of what they ask. It ends with the process. */
let connected: Promise<MongoClient> | undefined;

/** A database for a test, on the engine of the whole run (see test-engine.ts; the app's runs as well); dropped at close. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const uri = inject('engineUri');
  connected ??= new MongoClient(uri, { monitorCommands: true }).connect();
  const client = await connected;
  const db = client.db(`test_${randomBytes(6).toString('hex')}`);
  return {
    db,
    client,
    uri,
    async close() {
      await db.dropDatabase();
    },
  };
}
