import { type Collection, type Document, MongoBulkWriteError } from 'mongodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { setupCollections } from './support/setup-collections.ts';

const collections = setupCollections();
let items: Collection<Document>;

beforeEach(() => {
  items = collections.create();
});

describe('insert', () => {
  test('adds an _id to a document without one, as its first field', async () => {
    const { insertedId } = await items.insertOne({ a: 1 });
    const found = await items.findOne();
    expect(found).toEqual({ _id: insertedId, a: 1 });
    expect(Object.keys(found ?? {})).toEqual(['_id', 'a']);
  });

  test('refuses an existing _id', async () => {
    await items.insertOne({ _id: 'one' as never });
    await expect(items.insertOne({ _id: 'one' as never })).rejects.toMatchObject({ code: 11000 });
    expect(await items.countDocuments()).toBe(1);
  });

  test('ordered: stops at the first refusal', async () => {
    const error = await items
      .insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }] as never[])
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MongoBulkWriteError);
    expect(error).toMatchObject({ code: 11000, insertedCount: 1 });
    expect(await ids()).toEqual([1]);
  });

  test('unordered: inserts the rest, and reports the refused ones', async () => {
    const error = await items
      .insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }, { _id: 2 }, { _id: 3 }] as never[], { ordered: false })
      .catch((reason: unknown) => reason);
    if (!(error instanceof MongoBulkWriteError)) throw error;
    expect([error.writeErrors].flat().map(({ index, code }) => [index, code])).toEqual([
      [1, 11000],
      [3, 11000],
    ]);
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('refuses an array as _id', async () => {
    await expect(items.insertOne({ _id: [1] as never })).rejects.toThrow();
  });

  test('inserts a thousand documents at once', async () => {
    await items.insertMany(Array.from({ length: 1000 }, (_, n) => ({ n })));
    expect(await items.countDocuments()).toBe(1000);
    expect(await items.estimatedDocumentCount()).toBe(1000);
  });
});

describe('findAndModify', () => {
  beforeEach(async () => {
    await items.insertMany([
      { _id: 1, s: 'due', p: 2 },
      { _id: 2, s: 'due', p: 1 },
      { _id: 3, s: 'done', p: 0 },
    ] as never[]);
  });

  test('takes the first in order, and returns it before or after', async () => {
    const before = await items.findOneAndUpdate({ s: 'due' }, { $set: { s: 'taken' } }, { sort: { p: 1 } });
    expect(before).toEqual({ _id: 2, s: 'due', p: 1 });
    const after = await items.findOneAndUpdate(
      { s: 'due' },
      { $set: { s: 'taken' } },
      { sort: { p: 1 }, returnDocument: 'after', projection: { s: 1 } },
    );
    expect(after).toEqual({ _id: 1, s: 'taken' });
    expect(await items.findOneAndUpdate({ s: 'due' }, { $set: { s: 'taken' } })).toBeNull();
  });

  test('removes', async () => {
    expect(await items.findOneAndDelete({ s: 'due' }, { sort: { p: -1 } })).toEqual({
      _id: 1,
      s: 'due',
      p: 2,
    });
    expect(await ids()).toEqual([2, 3]);
  });

  test('upserts', async () => {
    const made = await items.findOneAndUpdate(
      { _id: 9 as never },
      { $setOnInsert: { s: 'new' } },
      { upsert: true, returnDocument: 'after' },
    );
    expect(made).toEqual({ _id: 9, s: 'new' });
    const result = await items.findOneAndReplace(
      { _id: 10 as never },
      { s: 'x' },
      { upsert: true, includeResultMetadata: true },
    );
    expect(result).toMatchObject({
      value: null,
      lastErrorObject: { n: 1, updatedExisting: false, upserted: 10 },
    });
  });

  test('gives each document to one caller only', async () => {
    await items.deleteMany({});
    await items.insertMany(Array.from({ length: 30 }, (_, _id) => ({ _id, free: true })) as never[]);
    const updated = await Promise.all(
      Array.from({ length: 40 }, () =>
        items.findOneAndUpdate({ free: true }, { $set: { free: false } }, { sort: { _id: 1 } }),
      ),
    );
    const ids = updated.filter((document) => document !== null).map((document) => Number(document._id));
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
  });
});

describe('delete and bulk', () => {
  test('one or many', async () => {
    await items.insertMany([{ g: 1 }, { g: 1 }, { g: 1 }, { g: 2 }]);
    expect(await items.deleteOne({ g: 1 })).toMatchObject({ deletedCount: 1 });
    expect(await items.deleteMany({ g: 1 })).toMatchObject({ deletedCount: 2 });
    expect(await items.countDocuments()).toBe(1);
  });

  test('a mixed bulk write does all of its parts', async () => {
    const result = await items.bulkWrite([
      { insertOne: { document: { _id: 1 as never, n: 1 } } },
      { updateOne: { filter: { _id: 1 as never }, update: { $inc: { n: 1 } } } },
      { updateOne: { filter: { _id: 2 as never }, update: { $set: { n: 5 } }, upsert: true } },
      { deleteOne: { filter: { n: 2 } } },
      { replaceOne: { filter: { _id: 2 as never }, replacement: { whole: 1 } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 2, upsertedCount: 1, deletedCount: 1 });
    expect(await items.find().toArray()).toEqual([{ _id: 2, whole: 1 }]);
  });

  test('an unacknowledged write is still done', async () => {
    await items.insertOne({ _id: 'quiet' as never }, { writeConcern: { w: 0 } });
    await expect.poll(() => items.findOne({ _id: 'quiet' as never })).toEqual({ _id: 'quiet' });
  });
});

async function ids(): Promise<unknown[]> {
  return (await items.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
}
