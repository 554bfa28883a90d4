import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { AppError } from '../../lib/errors.ts';
import { createLeaseStore } from '../leases.ts';

/** Processes of the previous version may run during it and for a while after, so it only adds what they can ignore. */
export type Migration = {
  version: number;
  /** The oldest version whose processes can work on the database afterwards; older ones do not start. */
  oldestProcess: number;
  /** Works in batches and yields their sizes. A run may be interrupted, repeated, or concurrent with another. */
  run(db: Db): AsyncIterable<number>;
};

/** Oldest first. A database without a version has version 1. */
const migrations: readonly Migration[] = [];

type SchemaDocument = { _id: 'schema'; version: number; oldestProcess: number };

export type Upgrade = { from: number; to: number; changed: number };

const collection = 'meta';
const firstVersion = 1;
const lock = 'migration';

/** Lifetime of a dead process's lock, and the interval at which others check it. */
const lockMs = 30_000;
const pollMs = 250;

/**
 * If the process that migrates dies, another one continues within half a minute.
 * @returns `undefined` if there was nothing to do, or another process did it
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

/** Never sets the version back, which a process that was suspended could do. */
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
