import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../packages/embedded-mongo/src/embedded-mongo.ts';
import { uriOf } from '../sandbox/database-uri.ts';
import { openDatabase } from '../src/store/database.ts';
import { ensureIndexes } from '../src/store/indexes.ts';
import { engineUri } from './engine.ts';

/** A database that outlives the processes that use it. */
export type BenchDatabase = {
  /** For the app's environment. */
  env: Record<string, string>;
  /** Opens it, with its indexes, while no other process uses it. */
  use(action: (db: Db) => Promise<void>): Promise<void>;
  remove(): Promise<void>;
};

/** An empty database: a folder for the embedded store, or on the engine that `MONGODB_URI` names. */
export async function createBenchDatabase(): Promise<BenchDatabase> {
  if (engineUri !== undefined) {
    const name = `bench_${randomBytes(6).toString('hex')}`;
    const uri = uriOf(engineUri, name);
    return {
      env: { MONGODB_URI: uri },
      use: (action) => useDatabase(uri, action),
      async remove() {
        const client = await new MongoClient(uri).connect();
        await client.db(name).dropDatabase();
        await client.close();
      },
    };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'perly-bench-'));
  return {
    env: { DATA_DIR: dataDir },
    async use(action) {
      const store = await startEmbeddedMongo({ dataDir });
      await useDatabase(store.uri, action);
      await store.close();
    },
    remove: () => rm(dataDir, { recursive: true }),
  };
}

async function useDatabase(uri: string, action: (db: Db) => Promise<void>): Promise<void> {
  const { db, close } = await openDatabase(uri);
  await ensureIndexes(db);
  await action(db);
  await close();
}
