import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import type { EmbeddedMongo, EmbeddedMongoOptions } from '../../src/embedded-mongo.ts';
import { startEmbeddedMongo } from './built-package.ts';

export type EmbeddedDatabase = {
  db: Db;
  client: MongoClient;
  store: EmbeddedMongo;
  close(): Promise<void>;
};

/** Ignores `MONGODB_URI`: for features of this engine only. */
export async function openEmbeddedDatabase(
  options: Omit<EmbeddedMongoOptions, 'dataDir'> = {},
): Promise<EmbeddedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'perly-embedded-'));
  const store = await startEmbeddedMongo({ dataDir: folder, ...options });
  const client = await new MongoClient(store.uri).connect();
  return {
    db: client.db('test'),
    client,
    store,
    async close() {
      await client.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
