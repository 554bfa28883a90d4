import type { Collection, Document } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from './support/open-test-database.ts';

let database: TestDatabase;
let orders: Collection<Document>;

beforeAll(async () => {
  database = await openTestDatabase();
  orders = database.db.collection('orders');
  await orders.insertMany([
    { _id: 1, who: 'ann', total: 10, items: ['a', 'b'], at: new Date('2026-01-01') },
    { _id: 2, who: 'bob', total: 5, items: ['b'], at: new Date('2026-01-02') },
    { _id: 3, who: 'ann', total: 7, items: [], at: new Date('2026-01-03') },
  ] as never[]);
  await database.db.collection('people').insertMany([
    { _id: 'ann', city: 'Berlin' },
    { _id: 'bob', city: 'Bern' },
  ] as never[]);
});
afterAll(() => database.close());

const run = (...pipeline: Document[]) => orders.aggregate(pipeline).toArray();

test('matches, groups and sorts', async () => {
  expect(
    await run(
      { $match: { total: { $gt: 4 } } },
      { $sort: { _id: 1 } },
      {
        $group: {
          _id: '$who',
          sum: { $sum: '$total' },
          n: { $sum: 1 },
          last: { $max: '$at' },
          first: { $first: '$total' },
        },
      },
    ),
  ).toEqual([
    { _id: 'ann', sum: 17, n: 2, last: new Date('2026-01-03'), first: 10 },
    { _id: 'bob', sum: 5, n: 1, last: new Date('2026-01-02'), first: 5 },
  ]);
});

test('finds the minimum and maximum of existing values, whatever is missing', async () => {
  const extremes = await run(
    { $match: { who: 'bob' } },
    {
      $project: {
        _id: 0,
        max: { $max: ['$total', 3, '$missing', null] },
        min: { $min: ['$missing', '$total', 9] },
        latest: { $max: [new Date('2025-01-01'), '$at'] },
        none: { $max: ['$missing', null] },
        mixed: { $max: ['$total', '$who', '$items', '$at'] },
        least: { $min: ['$total', '$who', '$items', '$at'] },
      },
    },
  );
  const at = new Date('2026-01-02');
  expect(extremes).toEqual([{ max: 5, min: 5, latest: at, none: null, mixed: at, least: 5 }]);
  expect(await run({ $group: { _id: null, none: { $max: '$missing' }, most: { $max: '$total' } } })).toEqual([
    { _id: null, none: null, most: 10 },
  ]);
});

test('sorts, skips and limits', async () => {
  expect(await run({ $sort: { total: 1 } }, { $skip: 1 }, { $limit: 1 }, { $project: { total: 1 } })).toEqual(
    [{ _id: 3, total: 7 }],
  );
});

test('adds fields and replaces the root', async () => {
  expect(
    await run(
      { $match: { _id: 1 } },
      { $addFields: { double: { $add: ['$total', '$total'] } } },
      { $set: { big: { $gte: ['$total', 10] } } },
      { $unset: ['at', 'items'] },
    ),
  ).toEqual([{ _id: 1, who: 'ann', total: 10, double: 20, big: true }]);
  expect(await run({ $match: { _id: 2 } }, { $replaceWith: { name: '$who' } })).toEqual([{ name: 'bob' }]);
});

test('groups by several fields', async () => {
  const groups = await run({
    $group: { _id: { who: '$who', big: { $gt: ['$total', 6] } }, n: { $sum: 1 } },
  });
  expect(groups).toHaveLength(2);
  expect(groups).toEqual(
    expect.arrayContaining([
      { _id: { who: 'ann', big: true }, n: 2 },
      { _id: { who: 'bob', big: false }, n: 1 },
    ]),
  );
});

test('returns its results in batches', async () => {
  const many = database.db.collection('many');
  await many.insertMany(Array.from({ length: 250 }, (_, n) => ({ n })));
  const cursor = many.aggregate([{ $sort: { n: 1 } }, { $project: { _id: 0, n: 1 } }], { batchSize: 30 });
  expect((await cursor.toArray()).map(({ n }) => Number(n))).toEqual(
    Array.from({ length: 250 }, (_, n) => n),
  );
});

test('refuses an unknown stage', async () => {
  await expect(run({ $nonsense: {} })).rejects.toMatchObject({ code: 40324 });
});

test('an empty result', async () => {
  expect(await run({ $match: { who: 'nobody' } }, { $group: { _id: null, n: { $sum: 1 } } })).toEqual([]);
});

test('joins the results of another pipeline', async () => {
  expect(
    await run(
      { $match: { who: 'bob' } },
      { $project: { total: 1 } },
      {
        $unionWith: { coll: 'people', pipeline: [{ $match: { city: 'Berlin' } }, { $project: { city: 1 } }] },
      },
      {
        $unionWith: {
          coll: 'orders',
          pipeline: [{ $sort: { total: -1 } }, { $limit: 2 }, { $group: { _id: null, n: { $sum: 1 } } }],
        },
      },
      { $unionWith: 'nowhere' },
    ),
  ).toEqual([
    { _id: 2, total: 5 },
    { _id: 'ann', city: 'Berlin' },
    { _id: null, n: 2 },
  ]);
});
