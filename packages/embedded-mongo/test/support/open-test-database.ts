import { randomBytes } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { inject } from 'vitest';

export type TestDatabase = {
  /** Empty, with its own name. */
  db: Db;
  client: MongoClient;
  uri: string;
  close(): Promise<void>;
};

/** Shared by all tests of this process: connecting takes longer than most of what they do. */
let connected: Promise<MongoClient> | undefined;

function connect(uri: string): Promise<MongoClient> {
  connected ??= new MongoClient(uri).connect();
  return connected;
}

/**
 * A database for a test on the engine under test (see test-engine.ts), dropped at close. The app's tests use it too.
 *
 * @param options.monitorCommands for a client of its own that emits an event for each command, a third of a command's cost
 */
export async function openTestDatabase({ monitorCommands = false } = {}): Promise<TestDatabase> {
  const uri = inject('engineUri');
  const client = await (monitorCommands ? new MongoClient(uri, { monitorCommands }).connect() : connect(uri));
  const db = client.db(`test_${randomBytes(6).toString('hex')}`);
  return {
    db,
    client,
    uri,
    async close() {
      await db.dropDatabase();
      if (monitorCommands) await client.close();
    },
  };
}
