import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Db } from 'mongodb';
import { openDatabase } from '../src/store/database.ts';
import { startEmbeddedStore } from '../src/store/embedded/embedded-store.ts';
import { ensureIndexes } from '../src/store/indexes.ts';

/**
 * The database of a benchmark: in an embedded store of its own, or on the engine that `MONGODB_URI` names, as for the
 * tests. The app's own settings say nothing of it: a benchmark makes them anew.
 */
export async function openBenchDatabase(): Promise<{ db: Db; close(): Promise<void> }> {
  const { MONGODB_URI } = process.env;
  const dataDir = await mkdtemp(join(tmpdir(), 'perly-bench-'));
  const store = MONGODB_URI === undefined ? await startEmbeddedStore({ dataDir }) : undefined;
  const database = await openDatabase(store?.uri ?? MONGODB_URI ?? '');
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
