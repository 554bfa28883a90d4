import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Db } from 'mongodb';
import { openDatabase } from '../src/store/database.ts';
import { startEmbeddedStore } from '../src/store/embedded/embedded-store.ts';
import { ensureIndexes } from '../src/store/indexes.ts';
import { engineUri } from './engine.ts';

/** The database of a benchmark that runs the app in its own process: see `engineUri`. */
export async function openBenchDatabase(): Promise<{ db: Db; close(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'perly-bench-'));
  const store = engineUri === undefined ? await startEmbeddedStore({ dataDir }) : undefined;
  const database = await openDatabase(store?.uri ?? engineUri ?? '');
  await ensureIndexes(database.db);
  return {
    db: database.db,
    async close() {
      await database.close();
      await store?.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
