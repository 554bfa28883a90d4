import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedDatabase, openEmbeddedDatabase } from './open-embedded-database.ts';

let database: EmbeddedDatabase;

beforeAll(async () => {
  database = await openEmbeddedDatabase({ sweepIntervalMs: 20 });
});
afterAll(() => database.close());

test('what has expired is removed, by a date or the earliest of several', async () => {
  const items = database.db.collection('items');
  const past = new Date(Date.now() - 60_000);
  const future = new Date(Date.now() + 3_600_000);
  await items.insertMany([
    { _id: 'past', at: past },
    { _id: 'future', at: future },
    { _id: 'one is past', at: [future, past] },
    { _id: 'all in future', at: [future] },
    { _id: 'no date', at: 'yesterday' },
    { _id: 'missing' },
  ] as never[]);
  await items.createIndex({ at: 1 }, { expireAfterSeconds: 30 });
  const left = async () => (await items.find().sort({ _id: 1 }).toArray()).map(({ _id }) => String(_id));
  await expect.poll(left).toEqual(['all in future', 'future', 'missing', 'no date']);
});

test('a partial TTL index removes only what it is about', async () => {
  const items = database.db.collection('partial');
  const at = new Date(Date.now() - 60_000);
  await items.insertMany([
    { _id: 1, at, done: true },
    { _id: 2, at, done: false },
  ] as never[]);
  await items.createIndex({ at: 1 }, { expireAfterSeconds: 0, partialFilterExpression: { done: true } });
  await expect.poll(async () => (await items.find().toArray()).map(({ _id }) => _id)).toEqual([2]);
});

test('much that expires at once goes bit by bit, and others are served meanwhile', async () => {
  const items = database.db.collection('much');
  const at = new Date(Date.now() - 60_000);
  for (let batch = 0; batch < 5; batch++)
    await items.insertMany(Array.from({ length: 2000 }, (_, n) => ({ at, n })));
  await items.createIndex({ at: 1 }, { expireAfterSeconds: 0 });
  const counts = new Set<number>();
  await expect
    .poll(
      async () => {
        const count = await items.estimatedDocumentCount();
        counts.add(count);
        return count;
      },
      { interval: 1 },
    )
    .toBe(0);
  // Someone who asked in between saw it half done.
  expect([...counts].some((count) => count > 0 && count < 10_000)).toBe(true);
});
