import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { AppError } from '../../lib/errors.ts';
import { createLeaseStore } from '../leases.ts';

/**
 * A step from one version of the data to the next. Processes of the previous version may run during it and for a
 * while after, so it only adds what they can ignore; what they still need is removed in a later step.
 */
export type Migration = {
  version: number;
  /** The oldest version whose processes can work on the database afterwards; older ones do not start. */
  oldestProcess: number;
  /**
   * Converts documents of the old shape in batches and yields the size of each. Skips converted ones: a run may be
   * interrupted, repeated, or concurrent with another.
   */
  run(db: Db): AsyncIterable<number>;
};

/** All migrations, oldest first. A database without a version has version 1. */
const migrations: readonly Migration[] = [];

type SchemaDocument = { _id: 'schema'; version: number; oldestProcess: number };

/** The result of migrations: versions before and after, and the number of documents changed. */
export type Upgrade = { from: number; to: number; changed: number };

const collection = 'meta';
const firstVersion = 1;
const lock = 'migration';

/** How long the lock of a dead process lasts, and how often the others check it. Milliseconds. */
const lockMs = 30_000;
const pollMs = 250;

/**
 * Migrates the database to the version of this process: one process does it while the others wait; if it dies,
 * another continues within half a minute. Processes of the previous version may keep running.
 * @returns what was done; `undefined` if there was nothing to do, or another process did it
 * @throws AppError `database_too_new` if this process is too old for the database
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
      `The database has version ${schema.version}; this version of the app supports up to ${ours}. Start a newer version of the app.`,
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

/** A process that was suspended must not set the version back. */
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
