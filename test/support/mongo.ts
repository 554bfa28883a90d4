import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { type EmbeddedStore, startEmbeddedStore } from '../../src/store/embedded/embedded-store.ts';

export type TestDatabase = {
  /** Empty, with a name of its own. */
  db: Db;
  client: MongoClient;
  uri: string;
  close(): Promise<void>;
};

/**
 * A database for a test: on the engine that `MONGODB_URI` names, dropped at close; otherwise in an embedded store,
 * which the databases that are open in one test file share.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const engine = await shareEngine();
  const client = await new MongoClient(engine.uri).connect();
  const db = client.db(`test_${randomBytes(6).toString('hex')}`);
  return {
    db,
    client,
    uri: engine.uri,
    async close() {
      await db.dropDatabase();
      await client.close();
      await engine.release();
    },
  };
}

type Engine = { uri: string; release(): Promise<void> };

let users = 0;
let shared: Promise<{ store: EmbeddedStore; folder: string }> | undefined;

/** The engine of this test file: started by its first user, ended by its last. */
async function shareEngine(): Promise<Engine> {
  const uri = process.env.MONGODB_URI;
  if (uri !== undefined) return { uri, release: async () => {} };
  users++;
  shared ??= startInTemporaryFolder();
  const { store, folder } = await shared;
  return {
    uri: store.uri,
    async release() {
      users--;
      if (users > 0) return;
      shared = undefined;
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startInTemporaryFolder(): Promise<{ store: EmbeddedStore; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'perly-test-'));
  return { store: await startEmbeddedStore({ dataDir: folder }), folder };
}
