import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { AppError } from '../../lib/errors.ts';
import { createLeaseStore } from '../leases.ts';

/**
 * A step from one version of what is in the database to the next. Processes of the version before may be at work while
 * it runs and for a while after, so it only adds what they do not mind; what they still need goes in a later step.
 */
export type Migration = {
  /** The version that it leads to. */
  version: number;
  /** The oldest version whose processes can work on the database afterwards; an older one does not start. */
  oldestProcess: number;
  /**
   * Converts documents of the old shape in batches and yields the size of each. What was converted already
   * stays as it is: a run may be interrupted, repeated, and run twice at once.
   */
  run(db: Db): AsyncIterable<number>;
};

/** All migrations, the oldest first. A database without a version has version 1. */
const migrations: readonly Migration[] = [];

/** The version of all other collections, as the collection `meta` keeps it. */
type SchemaDocument = { _id: 'schema'; version: number; oldestProcess: number };

/** What a migration did: the versions before and after, and how many documents were changed. */
export type Upgrade = { from: number; to: number; changed: number };

const collection = 'meta';
const firstVersion = 1;
const lock = 'migration';

/** How long the lock of a process that died stays, and how often the others look. Milliseconds. */
const lockMs = 30_000;
const pollMs = 250;

/**
 * Brings the database to the version of this process: one process does it, the others wait for it, and what that one
 * leaves when it dies the next one takes up within half a minute. Processes of the version before need not stop.
 *
 * @returns what was done; `undefined` when there was nothing to do, or another process did it
 * @throws AppError `database_too_new` when this process is too old for the database
 */
export async function migrate(
  db: Db,
  steps: readonly Migration[] = migrations,
): Promise<Upgrade | undefined> {
  if ((await listMissing(db, steps)).length === 0) return undefined;
  const leases = createLeaseStore(db, { collection, holder: randomUUID(), ttlMs: lockMs });
  while (!(await leases.acquire(lock))) {
    await sleep(pollMs);
    if ((await listMissing(db, steps)).length === 0) return undefined;
  }
  try {
    return await runAll(db, await listMissing(db, steps), () => leases.renew([lock]));
  } finally {
    await leases.release([lock]);
  }
}

async function listMissing(db: Db, steps: readonly Migration[]): Promise<Migration[]> {
  const schema = await db.collection<SchemaDocument>(collection).findOne({ _id: 'schema' });
  const ours = steps.at(-1)?.version ?? firstVersion;
  if (schema !== null && schema.oldestProcess > ours)
    throw new AppError(
      'database_too_new',
      `The database is at version ${schema.version}, and this version of the app works up to ${ours} only. Start the newer version of the app.`,
    );
  return steps.filter(({ version }) => version > (schema?.version ?? firstVersion));
}

async function runAll(
  db: Db,
  steps: readonly Migration[],
  keepLock: () => Promise<unknown>,
): Promise<Upgrade | undefined> {
  const [first] = steps;
  if (first === undefined) return undefined;
  const upgrade = { from: first.version - 1, to: first.version, changed: 0 };
  for (const step of steps) {
    for await (const changed of step.run(db)) {
      upgrade.changed += changed;
      await keepLock();
    }
    await saveVersion(db, step);
    upgrade.to = step.version;
  }
  return upgrade;
}

/** A process that stood still and comes late does not take a version back. */
async function saveVersion(db: Db, { version, oldestProcess }: Migration): Promise<void> {
  await db.collection<SchemaDocument>(collection).updateOne(
    { _id: 'schema' },
    [
      {
        $set: {
          version: { $max: ['$version', version] },
          oldestProcess: { $max: ['$oldestProcess', oldestProcess] },
        },
      },
    ],
    { upsert: true },
  );
}
