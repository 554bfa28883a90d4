import { type Db, MongoClient, MongoError } from 'mongodb';
import { ensureIndexes } from './indexes.ts';

/** The database when the URI names none. */
const defaultDatabase = 'perly_slack';

export type Database = { db: Db; close(): Promise<void> };

/**
 * Connects to the engine at `uri` and sees to the indexes. Every write is acknowledged only when a majority has it
 * in its journal: what Perly was told is kept, is kept.
 *
 * @throws MongoError when the engine cannot be reached within 5 s
 */
export async function openDatabase(uri: string): Promise<Database> {
  const client = new MongoClient(uri, {
    appName: 'perly-slack',
    writeConcern: { w: 'majority', journal: true },
    // A request waits at most this long for a database that is away, then Perly is told to try again.
    serverSelectionTimeoutMS: 5000,
    connectTimeoutMS: 5000,
    // Long enough for the slowest bulk write, short enough that a silent network does not hold requests for ever.
    socketTimeoutMS: 20_000,
    ignoreUndefined: true,
  });
  await client.connect();
  const db = client.db(databaseName(uri));
  await ensureIndexes(db);
  return { db, close: () => client.close() };
}

/** The name in the URI's path: the driver itself cannot tell its own default, `test`, from one that was asked for. */
function databaseName(uri: string): string {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1] ?? defaultDatabase;
}

/** What the system says of a connection that is gone; the driver lets some of it through as it is. */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'ENOENT',
  'EHOSTUNREACH',
]);

/**
 * Whether an error of a store says that the database could not do its part, so that the same request may do later.
 * Only for errors of what talks to nobody but the database.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof MongoError) return true;
  return error instanceof Error && 'code' in error && networkCodes.has(String(error.code));
}
