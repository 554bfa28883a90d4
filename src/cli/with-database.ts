import type { Db } from 'mongodb';
import { openDatabase } from '../store/database.ts';
import { startEmbedded } from '../store/embedded.ts';

/**
 * Does something with the app's database and closes it again, for a tool that an operator starts: the engine of the
 * settings, or the embedded store, which the app must not use at the time.
 *
 * @throws AppError when another process has the embedded store
 */
export async function withDatabase(
  { mongodbUri, dataDir }: { mongodbUri: string | undefined; dataDir: string },
  use: (db: Db) => Promise<void>,
): Promise<void> {
  const embedded = mongodbUri === undefined ? await startEmbedded(dataDir) : undefined;
  try {
    const database = await openDatabase(mongodbUri ?? embedded?.uri ?? '');
    try {
      await use(database.db);
    } finally {
      await database.close();
    }
  } finally {
    await embedded?.close();
  }
}
