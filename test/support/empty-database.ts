import type { Db } from 'mongodb';
import type { Writes } from '../../src/store/watch-writes.ts';

/** For each tracked database, its collections that may contain something, and those that are watched. */
const tracked = new WeakMap<Db, { written: Set<string>; watched: Set<string>; writes: Writes }>();

/** Lets `emptyDatabase` skip what was not written to. All writes to the database have to go through `db`. */
export function trackWrites(db: Db, writes: Writes): void {
  tracked.set(db, { written: new Set(), watched: new Set(), writes });
}

/** Keeps the indexes. */
export async function emptyDatabase(db: Db): Promise<void> {
  for (const name of await listWritten(db)) await db.collection(name).deleteMany({});
}

async function listWritten(db: Db): Promise<string[]> {
  const names = (await db.collections()).map(({ collectionName }) => collectionName);
  const tracking = tracked.get(db);
  if (tracking === undefined) return names;
  const { written, watched, writes } = tracking;
  const found = names.filter((name) => written.has(name) || !watched.has(name));
  written.clear();
  for (const name of found) {
    if (watched.has(name)) continue;
    watched.add(name);
    writes.listen(name, ({ method }) => {
      if (!method.startsWith('delete')) written.add(name);
      return () => {};
    });
  }
  return found;
}
