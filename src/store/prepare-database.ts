import type { Db } from 'mongodb';
import { ensureIndexes } from './indexes.ts';
import { migrate, type Upgrade } from './schema/migrate.ts';

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
