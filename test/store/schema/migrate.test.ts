import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../../packages/embedded-mongo/test/support/open-test-database.ts';
import { createLeaseStore } from '../../../src/store/leases.ts';
import { type Migration, migrate } from '../../../src/store/schema/migrate.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

/** A migration that appends a letter in two batches, so that a second run would show. */
function adding(letter: string, version: number, oldestProcess = 1): Migration {
  const texts = () => database.db.collection<{ _id: string; text: string }>('texts');
  return {
    version,
    oldestProcess,
    async *run() {
      for (const _id of ['a', 'b']) {
        await texts().updateOne({ _id }, [{ $set: { text: { $concat: ['$text', letter] } } }]);
        yield 1;
      }
    },
  };
}

async function seed(): Promise<void> {
  await database.db.collection<{ _id: string; text: string }>('texts').insertMany([
    { _id: 'a', text: '1' },
    { _id: 'b', text: '1' },
  ]);
}

const texts = async () =>
  (await database.db.collection('texts').find().toArray()).map(({ text }) => String(text));

describe('migrating a database', () => {
  test('runs every missing step, in order and once, and says what was done', async () => {
    await seed();
    const [two, three] = [adding('2', 2), adding('3', 3)];
    expect(await migrate(database.db, [two])).toEqual({ from: 1, to: 2, changed: 2 });
    expect(await migrate(database.db, [two])).toBeUndefined();
    expect(await migrate(database.db, [two, three])).toEqual({ from: 2, to: 3, changed: 2 });
    expect(await texts()).toEqual(['123', '123']);
  });

  test('is done by one of many processes that start at once', async () => {
    await seed();
    const steps = [adding('2', 2), adding('3', 3)];
    const done = await Promise.all(Array.from({ length: 5 }, () => migrate(database.db, steps)));
    expect(done.filter((upgrade) => upgrade !== undefined)).toEqual([{ from: 1, to: 3, changed: 4 }]);
    expect(await texts()).toEqual(['123', '123']);
  });

  test('is completed by the next process if one dies', async () => {
    await seed();
    const dying: Migration = {
      ...adding('2', 2),
      async *run() {
        yield 1;
        throw new Error('killed');
      },
    };
    // A killed process does not release its lock, which expires by itself.
    await createLeaseStore(database.db, { collection: 'meta', holder: 'killed', ttlMs: 300 }).acquire(
      'migration',
    );
    await expect(migrate(database.db, [dying])).rejects.toThrow('killed');
    expect(await migrate(database.db, [adding('2', 2)])).toEqual({ from: 1, to: 2, changed: 2 });
  });

  test('stops a process that is too old for the database, and says so', async () => {
    const [two, three] = [adding('2', 2), adding('3', 3, 2)];
    await migrate(database.db, [two, three]);
    expect(await migrate(database.db, [two])).toBeUndefined();
    await migrate(database.db, [two, three, adding('4', 4, 3)]);
    await expect(migrate(database.db, [two])).rejects.toMatchObject({
      code: 'database_too_new',
      message:
        'The database has version 4; this version of the app supports up to 2. Start a newer version of the app.',
    });
  });
});
