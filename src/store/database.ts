import { type Db, MongoClient, MongoError, MongoServerSelectionError } from 'mongodb';
import { unwrapBulkError } from './bulk.ts';
import { ensureIndexes } from './indexes.ts';
import { migrate, type Upgrade } from './schema/migrate.ts';

const defaultDatabase = 'perly_slack';

export type Preparation = {
  isNew: boolean;
  /** `undefined` if nothing was migrated, or another process did it. */
  upgrade: Upgrade | undefined;
};

export type Database = Preparation & { db: Db; close(): Promise<void> };

/** Connects to nothing. @throws Error if the driver does not take the URI */
function createClient(uri: string): MongoClient {
  return new MongoClient(uri, {
    appName: 'perly-slack',
    writeConcern: { w: 'majority', journal: true },
    // Maximum wait of a request for an unavailable database; Perly is then asked to retry.
    serverSelectionTimeoutMS: 5000,
    connectTimeoutMS: 5000,
    // Long enough for the slowest bulk write, short enough not to hold requests forever on a silent network.
    socketTimeoutMS: 20_000,
    ignoreUndefined: true,
  });
}

export function isDatabaseUri(uri: string): boolean {
  try {
    createClient(uri);
    return true;
  } catch {
    return false;
  }
}

/** @throws MongoError if the database cannot be reached within 5 s; AppError `database_too_new` */
export async function openDatabase(uri: string): Promise<Database> {
  const client = createClient(uri);
  try {
    await client.connect();
    const db = client.db(databaseName(uri));
    const preparation = await prepareDatabase(db);
    return { db, ...preparation, close: () => client.close() };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Runs in every process at every start. @throws AppError `database_too_new` */
export async function prepareDatabase(db: Db): Promise<Preparation> {
  const isNew = !(await db.listCollections({}, { nameOnly: true }).hasNext());
  await ensureIndexes(db);
  return { isNew, upgrade: await migrate(db) };
}

export async function ping(db: Db): Promise<undefined> {
  await db.command({ ping: 1 });
}

/** The driver cannot distinguish its default, `test`, from an explicit one. */
function databaseName(uri: string): string {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1] ?? defaultDatabase;
}

/** The driver passes some codes of lost connections through unchanged. */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'ENOENT',
  'EHOSTUNREACH',
]);

export function isUnreachable(error: unknown): boolean {
  return unwrapBulkError(error) instanceof MongoServerSelectionError;
}

/** True if the same request may succeed later. Only for errors of code that talks to nothing but the database. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof MongoError) return true;
  if (error instanceof AggregateError) return error.errors.every(isDatabaseAway);
  return error instanceof Error && 'code' in error && networkCodes.has(String(error.code));
}
