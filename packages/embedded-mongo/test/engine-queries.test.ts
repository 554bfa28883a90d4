import type { Document } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { setupCollections } from './support/setup-collections.ts';

const database = setupCollections();
const { collectionWith } = database;

describe('a projection', () => {
  const whole = { _id: 1, a: 1, b: { c: 2, d: 3 }, l: [{ x: 1, y: 2 }, 5, { x: 3 }] };
  test.each<[string, Document, Document]>([
    ['takes fields', { a: 1 }, { _id: 1, a: 1 }],
    ['takes fields without _id', { a: 1, _id: 0 }, { a: 1 }],
    ['leaves fields out', { b: 0, l: 0 }, { _id: 1, a: 1 }],
    ['takes nested fields', { 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
    ['reaches into arrays', { 'l.x': 1 }, { _id: 1, l: [{ x: 1 }, { x: 3 }] }],
    ['leaves only _id', { _id: 1 }, { _id: 1 }],
    ['computes', { _id: 0, sum: { $add: ['$a', '$b.c'] } }, { sum: 3 }],
  ])('%s', async (_, projection, expected) => {
    const items = await collectionWith([whole]);
    expect(await items.findOne({}, { projection })).toEqual(expected);
  });
});

describe('a cursor', () => {
  test('returns everything in batches, while others write', async () => {
    const items = await collectionWith(Array.from({ length: 500 }, (_, _id) => ({ _id })));
    const seen: number[] = [];
    for await (const { _id } of items.find().batchSize(7)) {
      seen.push(Number(_id));
      if (Number(_id) % 100 === 0) await items.insertOne({ late: true });
    }
    expect(seen.filter((n) => !Number.isNaN(n))).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });

  test('that is closed no longer exists', async () => {
    const items = await collectionWith(Array.from({ length: 10 }, (_, _id) => ({ _id })));
    const cursor = items.find().batchSize(2);
    await cursor.next();
    const id = cursor.id;
    await cursor.close();
    await expect(
      database.db.command({ getMore: id, collection: items.collectionName }),
    ).rejects.toMatchObject({
      code: 43,
    });
  });

  test('stops at the limit', async () => {
    const items = await collectionWith(Array.from({ length: 50 }, (_, _id) => ({ _id })));
    expect(await items.find().batchSize(4).limit(10).toArray()).toHaveLength(10);
    expect(await items.find().skip(45).toArray()).toHaveLength(5);
    expect(await items.find().limit(-3).toArray()).toHaveLength(3);
  });
});

test('count and distinct', async () => {
  const items = await collectionWith([{ g: 'a', l: [1, 2] }, { g: 'b', l: [2, 3] }, { g: 'a' }]);
  expect(await items.countDocuments({ g: 'a' })).toBe(2);
  expect(await items.countDocuments({ g: 'none' })).toBe(0);
  expect(await items.countDocuments({}, { skip: 1, limit: 5 })).toBe(2);
  expect((await items.distinct('g')).sort()).toEqual(['a', 'b']);
  expect((await items.distinct('l')).sort()).toEqual([1, 2, 3]);
  expect(await items.distinct('l', { g: 'b' })).toEqual([2, 3]);
});

test('a collection that does not exist is empty', async () => {
  const items = database.db.collection('nothing');
  expect(await items.find().toArray()).toEqual([]);
  expect(await items.countDocuments()).toBe(0);
  expect(await items.updateOne({ a: 1 }, { $set: { a: 2 } })).toMatchObject({ matchedCount: 0 });
  expect(await items.deleteMany({})).toMatchObject({ deletedCount: 0 });
});
