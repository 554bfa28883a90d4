import { type Collection, type Document, Int32, Long, ObjectId } from 'mongodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { setupCollections } from './support/setup-collections.ts';

const collections = setupCollections();
let items: Collection<Document>;

beforeEach(() => {
  items = collections.create();
});

describe('update', () => {
  test('operators on fields', async () => {
    await items.insertOne({ _id: 1 as never, a: 1, b: { c: 2 }, old: 'x', low: 5, high: 5, gone: true });
    const result = await items.updateOne(
      { _id: 1 as never },
      {
        $set: { 'b.d': 3, 'e.f': 4 },
        $inc: { a: 2, fresh: 7 },
        $unset: { gone: '' },
        $min: { low: 3 },
        $max: { high: 4 },
      },
    );
    expect(result).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
    expect(await items.findOne()).toEqual({
      _id: 1,
      a: 3,
      b: { c: 2, d: 3 },
      e: { f: 4 },
      fresh: 7,
      old: 'x',
      low: 3,
      high: 5,
    });
  });

  test('$pull by a condition', async () => {
    await items.insertOne({ _id: 1 as never, pull: [1, 2, 3] });
    await items.updateOne({ _id: 1 as never }, { $pull: { pull: { $gte: 2 } } } as never);
    expect(await items.findOne()).toEqual({ _id: 1, pull: [1] });
  });

  test('$pull by conditions on fields', async () => {
    await items.insertOne({
      _id: 1 as never,
      b: [
        { x: 1, y: 1 },
        { x: 2, y: 1 },
      ],
    });
    await items.updateOne({ _id: 1 as never }, {
      $pull: { b: { x: 2, y: { $lt: 5 } } },
    } as never);
    expect(await items.findOne()).toEqual({ _id: 1, b: [{ x: 1, y: 1 }] });
  });

  test('an update without effect counts as matched, not as modified', async () => {
    await items.insertOne({ _id: 1 as never, a: 1 });
    expect(await items.updateOne({ a: 1 }, { $set: { a: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
  });

  test('one or many', async () => {
    await items.insertMany([{ g: 1 }, { g: 1 }, { g: 2 }]);
    expect(await items.updateOne({ g: 1 }, { $set: { one: true } })).toMatchObject({ modifiedCount: 1 });
    expect(await items.updateMany({ g: 1 }, { $set: { many: true } })).toMatchObject({ modifiedCount: 2 });
    expect(await items.countDocuments({ one: true })).toBe(1);
    expect(await items.countDocuments({ many: true })).toBe(2);
  });

  test('many, on the very field of the index that finds them', async () => {
    await items.createIndex({ n: 1 });
    await items.insertMany(Array.from({ length: 300 }, (_, n) => ({ n })));
    await items.updateMany({ n: { $gte: 100 } }, { $inc: { n: 1000 } });
    expect(await items.countDocuments({ n: { $gte: 1100, $lt: 1300 } })).toBe(200);
    expect(await items.countDocuments({ n: { $gte: 1300 } })).toBe(0);
  });

  test('a replacement keeps its _id', async () => {
    await items.insertOne({ _id: 1 as never, a: 1 });
    await items.replaceOne({ a: 1 }, { b: 2 });
    expect(await items.findOne()).toEqual({ _id: 1, b: 2 });
  });

  test('a pipeline computes from the document', async () => {
    await items.insertOne({ _id: 1 as never, a: 2, b: 3, keep: 'x' });
    await items.updateOne({}, [{ $set: { sum: { $add: ['$a', '$b'] } } }, { $unset: 'a' }]);
    expect(await items.findOne()).toEqual({ _id: 1, b: 3, keep: 'x', sum: 5 });
  });

  test('cannot change the _id', async () => {
    await items.insertOne({ _id: 1 as never, a: 1 });
    await expect(items.updateOne({ a: 1 }, { $set: { _id: 2 as never } })).rejects.toThrow();
    expect(await items.findOne()).toEqual({ _id: 1, a: 1 });
  });

  test('refuses a value that does not fit its operator, and leaves the document unchanged', async () => {
    await items.insertOne({ _id: 1 as never, a: 'text', n: null });
    await expect(items.updateOne({}, { $inc: { a: 1 } })).rejects.toThrow();
    await expect(items.updateOne({}, { $inc: { n: 1 } })).rejects.toThrow();
    await expect(items.updateOne({}, { $pull: { a: 1 } } as never)).rejects.toThrow();
    await expect(items.updateOne({}, { $set: { 'a.b': 1 } })).rejects.toThrow();
    await expect(items.updateOne({}, { $set: { x: 1 }, $inc: { x: 1 } })).rejects.toThrow();
    await expect(items.updateOne({}, { $nonsense: { x: 1 } } as never)).rejects.toThrow();
    expect(await items.findOne()).toEqual({ _id: 1, a: 'text', n: null });
  });

  test('if a unique index refuses it, nothing of the document changes', async () => {
    await items.createIndex({ k: 1 }, { unique: true });
    await items.insertMany([
      { _id: 1, k: 'a' },
      { _id: 2, k: 'b' },
    ] as never[]);
    await expect(items.updateOne({ _id: 2 as never }, { $set: { k: 'a', more: 1 } })).rejects.toMatchObject({
      code: 11000,
    });
    expect(await items.findOne({ _id: 2 as never })).toEqual({ _id: 2, k: 'b' });
    expect(await items.findOne({ k: 'b' })).toMatchObject({ _id: 2 });
  });
});

describe('upsert', () => {
  test('starts from the equality conditions of the filter, with $setOnInsert', async () => {
    const update = { $set: { v: 1 }, $setOnInsert: { created: true } };
    const first = await items.updateOne({ key: 'k', 'deep.er': 5, n: { $gt: 3 } }, update, { upsert: true });
    expect(first).toMatchObject({ matchedCount: 0, upsertedCount: 1, upsertedId: expect.any(ObjectId) });
    const { _id, ...rest } = (await items.findOne()) ?? {};
    expect(rest).toEqual({ key: 'k', deep: { er: 5 }, v: 1, created: true });

    const second = await items.updateOne(
      { key: 'k' },
      { $set: { v: 2 }, $setOnInsert: { created: false } },
      { upsert: true },
    );
    expect(second).toMatchObject({ matchedCount: 1, modifiedCount: 1, upsertedCount: 0 });
    expect(await items.findOne()).toMatchObject({ v: 2, created: true });
  });

  test('takes the _id from the filter', async () => {
    const { upsertedId } = await items.updateOne(
      { _id: 'mine' as never },
      { $inc: { n: 1 } },
      { upsert: true },
    );
    expect(upsertedId).toBe('mine');
    await items.replaceOne({ _id: 'other' as never }, { whole: true }, { upsert: true });
    expect(await items.findOne({ _id: 'other' as never })).toEqual({ _id: 'other', whole: true });
  });

  test('of one key from many connections makes one document, if an index is unique', async () => {
    await items.createIndex({ key: 1 }, { unique: true });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => items.updateOne({ key: 'k' }, { $inc: { n: 1 } }, { upsert: true })),
    );
    const done = results.filter(({ status }) => status === 'fulfilled').length;
    expect(await items.find().toArray()).toMatchObject([{ key: 'k', n: done }]);
  });
});

describe('numbers', () => {
  test('whole numbers stay whole and widen when they have to', async () => {
    await items.insertOne({
      _id: 1 as never,
      int: new Int32(2_147_483_647),
      long: Long.fromString('9007199254740993'),
    });
    await items.updateOne({}, { $inc: { int: new Int32(1), long: new Int32(2) } });
    const found = await items.findOne({}, { promoteValues: false });
    expect(found?.int).toEqual(Long.fromNumber(2_147_483_648));
    expect(found?.long).toEqual(Long.fromString('9007199254740995'));
  });
});
