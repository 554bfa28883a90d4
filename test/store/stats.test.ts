import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddedDatabase } from '../../packages/embedded-mongo/test/support/open-embedded-database.ts';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { ensureIndexes, findMissingIndexes } from '../../src/store/indexes.ts';
import { readStats } from '../../src/store/stats.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureIndexes(database.db);
});
afterAll(() => database.close());

const at = (minute: number) => new Date(Date.UTC(2096, 0, 1, 9, minute));

test('an empty database has nothing late', async () => {
  expect(await readStats(database.db)).toEqual({
    earliestPending: undefined,
    held: 0,
    leases: 0,
    brokenChannels: 0,
    troubledChannels: 0,
    invalidInstallations: 0,
    earliestJob: undefined,
  });
});

test('what is pending, held, served and broken', async () => {
  const { db } = database;
  await db.collection('deliveries').insertMany([
    { ref: 'a', state: 'pending', channelId: 'T1:C1', nextAttemptAt: at(5) },
    { ref: 'b', state: 'pending', channelId: 'T1:C2', nextAttemptAt: at(3) },
    { ref: 'c', state: 'held', channelId: 'T1:C1', nextAttemptAt: at(1) },
    { ref: 'd', state: 'sent', channelId: 'T1:C1', nextAttemptAt: at(0) },
  ]);
  await db.collection('leases').insertOne({ holder: 'x' });
  await db.collection('channels').insertMany([
    { teamId: 'T1', status: 'broken', brokenAt: at(0), trouble: { since: at(0) } },
    { teamId: 'T1', status: 'active', brokenAt: at(0) },
    { teamId: 'T1', status: 'active', brokenAt: null, trouble: { since: at(0) } },
  ]);
  await db
    .collection('installations')
    .insertMany([{ teamId: 'T1', invalidAuth: { days: 1, countedAt: at(0) } }, { teamId: 'T2' }]);
  await db.collection('agendaJobs').insertMany([
    { name: 'recovery', nextRunAt: at(7) },
    { name: 'opening', nextRunAt: null },
  ]);
  expect(await readStats(db)).toEqual({
    earliestPending: at(3),
    held: 1,
    leases: 1,
    brokenChannels: 1,
    troubledChannels: 1,
    invalidInstallations: 1,
    earliestJob: at(7),
  });
});

test('dropped indexes are reported, even with their whole collection', async () => {
  const { db } = database;
  expect(await findMissingIndexes(db)).toBeUndefined();
  await db.collection('deliveries').dropIndex('due_of_account');
  await db.collection('audit').drop();
  const missing = await findMissingIndexes(db);
  expect(missing).toMatch(/^missing: /);
  expect(missing).toContain('deliveries.due_of_account');
  expect(missing).toContain('audit.channel');
  expect(missing).not.toContain('deliveries.held');
});

test('the earliest pending delivery is the first entry of an index, however much is pending', async () => {
  const embedded = await openEmbeddedDatabase();
  try {
    await ensureIndexes(embedded.db);
    const pending = Array.from({ length: 500 }, (_, index) => ({
      ref: `r${index}`,
      state: 'pending',
      channelId: `T1:C${index % 7}`,
      nextAttemptAt: at(index % 60),
    }));
    await embedded.db.collection('deliveries').insertMany(pending);
    const { queryPlanner, executionStats } = await embedded.db.command({
      explain: { find: 'deliveries', filter: { state: 'pending' }, sort: { nextAttemptAt: 1 }, limit: 1 },
    });
    expect(queryPlanner.winningPlan).toMatchObject({ indexName: 'due_of_account', sortedInMemory: false });
    expect(executionStats.totalDocsExamined).toBe(1);
  } finally {
    await embedded.close();
  }
});
