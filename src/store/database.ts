import { type Db, MongoClient, MongoError, MongoServerSelectionError } from 'mongodb';
import { ensureIndexes } from './indexes.ts';
import { migrate, type Upgrade } from './schema/migrate.ts';

/** The database when the URI names none. */
const defaultDatabase = 'perly_slack';

/** `upgrade` says what had to be migrated, if anything. */
export type Database = { db: Db; upgrade: Upgrade | undefined; close(): Promise<void> };

/**
 * Connects to the engine at `uri` and makes its database ready for this version of the app. Every write is
 * acknowledged only when a majority has it in its journal: what Perly was told is kept, is kept.
 *
 * @throws MongoError when the engine cannot be reached within 5 s; AppError `database_too_new`
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
  try {
    await client.connect();
    const db = client.db(databaseName(uri));
    const upgrade = await prepareDatabase(db);
    return { db, upgrade, close: () => client.close() };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/**
 * Makes a database ready for this version of the app, in every process at every start: its indexes, and the shape of
 * what is in it.
 *
 * @returns what was migrated; `undefined` when nothing had to be, or another process did it
 * @throws AppError `database_too_new` when this version of the app is too old for the database
 */
export async function prepareDatabase(db: Db): Promise<Upgrade | undefined> {
  await ensureIndexes(db);
  return migrate(db);
}

/** Asks the database for a sign of life. @throws MongoError when it gives none */
export async function ping(db: Db): Promise<undefined> {
  await db.command({ ping: 1 });
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

/** Whether no server was found in all the time that is given to look for one. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof MongoServerSelectionError;
}

/**
 * Whether an error of a store says that the database could not do its part, so that the same request may do later.
 * Only for errors of what talks to nobody but the database.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof MongoError) return true;
  if (error instanceof AggregateError) return error.errors.every(isDatabaseAway);
  return error instanceof Error && 'code' in error && networkCodes.has(String(error.code));
}
