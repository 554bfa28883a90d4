import type { Db } from 'mongodb';
import { openDatabase } from '../store/database.ts';
import { startEmbedded } from '../store/embedded.ts';

/** @throws AppError when another process uses the embedded store */
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
