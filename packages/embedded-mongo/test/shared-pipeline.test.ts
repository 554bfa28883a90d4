import type { AnyBulkWriteOperation, Document } from 'mongodb';
import { expect, test } from 'vitest';
import { setupEmbeddedDatabase } from './support/setup-embedded-database.ts';

const database = setupEmbeddedDatabase();

type Counter = { _id: string; n?: number; by?: string };

const add = [{ $set: { n: { $add: [{ $ifNull: ['$n', 0] }, 1] }, by: { $literal: '$add' } } }];
const double = [{ $set: { n: { $add: ['$n', '$n'] } } }];

function upsert(_id: string, update: Document[]): AnyBulkWriteOperation<Counter> {
  return { updateOne: { filter: { _id }, update, upsert: true } };
}

test('a pipeline shared by several statements has the same effect on each as alone', async () => {
  const counters = database.db.collection<Counter>('counters');
  await counters.insertOne({ _id: 'there', n: 5 });
  const { upsertedIds, matchedCount, modifiedCount } = await counters.bulkWrite(
    [
      upsert('new', add),
      upsert('there', add),
      upsert('new', double),
      upsert('new', add),
      upsert('last', add),
    ],
    { ordered: false },
  );
  expect({ upsertedIds, matchedCount, modifiedCount }).toEqual({
    upsertedIds: { 0: 'new', 4: 'last' },
    matchedCount: 3,
    modifiedCount: 3,
  });
  expect(await counters.find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 'last', n: 1, by: '$add' },
    { _id: 'new', n: 3, by: '$add' },
    { _id: 'there', n: 6, by: '$add' },
  ]);
});

test('a pipeline that is refused is refused in each statement', async () => {
  const counters = database.db.collection<Counter>('refused');
  const refused = [{ $group: { _id: 1 } }];
  const writing = counters.bulkWrite([upsert('a', refused), upsert('b', refused), upsert('c', add)], {
    ordered: false,
  });
  await expect(writing).rejects.toMatchObject({ writeErrors: [{ index: 0 }, { index: 1 }] });
  expect(await counters.find().toArray()).toEqual([{ _id: 'c', n: 1, by: '$add' }]);
});
