import type { Collection, Document } from 'mongodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { setupCollections } from './support/setup-collections.ts';

const collections = setupCollections();
let items: Collection<Document>;
const duplicate = { code: 11000 };

beforeEach(() => {
  items = collections.create();
});

describe('a unique index', () => {
  test('refuses a second document with the same value, whatever its type', async () => {
    await items.createIndex({ k: 1 }, { unique: true });
    await items.insertOne({ k: 1 });
    await expect(items.insertOne({ k: 1.0 })).rejects.toMatchObject(duplicate);
    await items.insertOne({ k: '1' });
  });

  test('says which index refused', async () => {
    await items.createIndex({ k: 1 }, { unique: true, name: 'by_key' });
    await items.insertOne({ k: 'v' });
    await expect(items.insertOne({ k: 'v' })).rejects.toThrow(
      /^E11000 duplicate key error collection: .*by_key|\?/,
    );
  });

  test('treats a missing field as null', async () => {
    await items.createIndex({ k: 1 }, { unique: true });
    await items.insertOne({ a: 1 });
    await expect(items.insertOne({ a: 2 })).rejects.toMatchObject(duplicate);
  });

  test('partial: applies only to matching documents', async () => {
    await items.createIndex({ k: 1 }, { unique: true, partialFilterExpression: { state: 'open' } });
    await items.insertMany([
      { _id: 1, k: 'x', state: 'open' },
      { _id: 2, k: 'x', state: 'closed' },
      { _id: 3, k: 'x', state: 'closed' },
    ] as never[]);
    await expect(items.insertOne({ k: 'x', state: 'open' })).rejects.toMatchObject(duplicate);
    await expect(items.updateOne({ _id: 2 as never }, { $set: { state: 'open' } })).rejects.toMatchObject(
      duplicate,
    );
    await items.updateOne({ _id: 1 as never }, { $set: { state: 'closed' } });
    await items.updateOne({ _id: 2 as never }, { $set: { state: 'open' } });
    expect(await items.find({ k: 'x', state: 'open' }).toArray()).toMatchObject([{ _id: 2 }]);
    expect(await items.find({ k: 'x' }).toArray()).toHaveLength(3);
  });

  test('over two fields', async () => {
    await items.createIndex({ a: 1, b: -1 }, { unique: true });
    await items.insertMany([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ]);
    await expect(items.insertOne({ a: 1, b: 2 })).rejects.toMatchObject(duplicate);
  });

  test('over an array: no two documents may share an element', async () => {
    await items.createIndex({ tags: 1 }, { unique: true });
    await items.insertOne({ tags: ['a', 'b', 'b'] });
    await expect(items.insertOne({ tags: ['c', 'a'] })).rejects.toMatchObject(duplicate);
    await items.insertOne({ tags: ['c'] });
  });

  test('cannot be built over existing duplicates', async () => {
    await items.insertMany([{ k: 1 }, { k: 1 }]);
    await expect(items.createIndex({ k: 1 }, { unique: true })).rejects.toMatchObject(duplicate);
    expect(await items.indexes()).toHaveLength(1);
    await items.insertOne({ k: 1 });
  });

  test('is built over existing documents', async () => {
    await items.insertMany(Array.from({ length: 300 }, (_, k) => ({ k })));
    await items.createIndex({ k: 1 }, { unique: true });
    await expect(items.insertOne({ k: 299 })).rejects.toMatchObject(duplicate);
    expect(await items.find({ k: { $gte: 298 } }).toArray()).toHaveLength(2);
  });

  test('is updated by a replacement and by a pipeline', async () => {
    await items.createIndex({ k: 1 }, { unique: true });
    await items.insertMany([
      { _id: 1, k: 'a' },
      { _id: 2, k: 'b' },
    ] as never[]);
    await items.replaceOne({ _id: 1 as never }, { k: 'c' });
    await items.updateOne({ _id: 2 as never }, [{ $set: { k: { $concat: ['$k', '!'] } } }]);
    expect(await items.findOne({ k: 'c' })).toEqual({ _id: 1, k: 'c' });
    expect(await items.findOne({ k: 'b!' })).toEqual({ _id: 2, k: 'b!' });
    expect(await items.find({ k: { $in: ['a', 'b'] } }).toArray()).toEqual([]);
    await expect(items.insertOne({ k: 'c' })).rejects.toMatchObject(duplicate);
    await items.insertOne({ k: 'a' });
  });

  test('frees a value that is deleted or changed', async () => {
    await items.createIndex({ k: 1 }, { unique: true });
    await items.insertMany([{ k: 'a' }, { k: 'b' }]);
    await items.deleteOne({ k: 'a' });
    await items.updateOne({ k: 'b' }, { $set: { k: 'c' } });
    await items.insertMany([{ k: 'a' }, { k: 'b' }]);
    expect((await items.distinct('k')).sort()).toEqual(['a', 'b', 'c']);
  });
});

describe('long values', () => {
  const long = 'x'.repeat(1900);
  test('are found, distinguished and kept unique', async () => {
    await items.createIndex({ k: 1 });
    await items.insertMany([{ k: `${long}a` }, { k: `${long}b` }, { k: 'short' }]);
    expect(await items.countDocuments({ k: `${long}a` })).toBe(1);
    expect(await items.countDocuments({ k: { $gt: `${long}a` } })).toBe(1);
    expect(await items.countDocuments({ k: { $gte: `${long}a`, $lte: `${long}b` } })).toBe(2);
    expect(await items.countDocuments({ k: { $lt: `${long}b` } })).toBe(2);
  });

  test('are sorted', async () => {
    const ends = [...'hdbfaceg'];
    await items.createIndex({ k: 1 });
    await items.insertMany(ends.map((end) => ({ k: `${long}${end}` })));
    const sorted = await items.find().sort({ k: -1 }).toArray();
    expect(sorted.map(({ k }) => String(k).at(-1))).toEqual([...ends].sort().reverse());
  });

  test('as _id', async () => {
    await items.insertMany([{ _id: `${long}1` }, { _id: `${long}2` }] as never[]);
    expect(await items.countDocuments({ _id: `${long}2` as never })).toBe(1);
    await expect(items.insertOne({ _id: `${long}2` as never })).rejects.toMatchObject(duplicate);
  });
});

describe('managing indexes', () => {
  test('creating the same again changes nothing', async () => {
    await items.createIndex({ a: 1 }, { name: 'x' });
    await items.createIndex({ a: 1 }, { name: 'x' });
    await items.createIndexes([
      { key: { a: 1 }, name: 'x' },
      { key: { b: 1 }, name: 'y' },
    ]);
    expect((await items.indexes()).map(({ name }) => name).sort()).toEqual(['_id_', 'x', 'y']);
  });

  test('another one with the same name, or the same with another name, is refused', async () => {
    await items.createIndex({ a: 1 }, { name: 'x' });
    await expect(items.createIndex({ b: 1 }, { name: 'x' })).rejects.toMatchObject({ code: 86 });
    await expect(items.createIndex({ a: 1 }, { name: 'other' })).rejects.toMatchObject({ code: 85 });
    await expect(items.createIndex({ a: 1 }, { name: 'x', unique: true })).rejects.toThrow();
  });

  test('are listed with their options', async () => {
    await items.createIndex({ at: -1 }, { expireAfterSeconds: 60 });
    await items.createIndex({ k: 1 }, { unique: true, partialFilterExpression: { s: 'open' } });
    expect(await items.indexes()).toMatchObject([
      { name: '_id_', key: { _id: 1 } },
      { name: 'at_-1', key: { at: -1 }, expireAfterSeconds: 60 },
      { name: 'k_1', key: { k: 1 }, unique: true, partialFilterExpression: { s: 'open' } },
    ]);
  });

  test('are dropped, but never the one on _id', async () => {
    await items.createIndex({ k: 1 }, { unique: true });
    await items.insertOne({ k: 1 });
    await items.dropIndex('k_1');
    await items.insertOne({ k: 1 });
    await expect(items.dropIndex('_id_')).rejects.toThrow();
    await expect(items.dropIndex('none')).rejects.toMatchObject({ code: 27 });
    expect(await items.countDocuments({ k: 1 })).toBe(2);
  });
});

test('collections are created, listed and dropped', async () => {
  await collections.db.collection('made').createIndex({ a: 1 });
  await collections.db.collection('grown').insertOne({ a: 1 });
  const names = (await collections.db.listCollections().toArray()).map(({ name }) => String(name));
  expect(names).toEqual(expect.arrayContaining(['made', 'grown']));
  await collections.db.dropCollection('grown');
  expect(await collections.db.collection('grown').countDocuments()).toBe(0);
  await collections.db.collection('grown').insertOne({ b: 1 });
  expect(
    await collections.db
      .collection('grown')
      .find({}, { projection: { _id: 0 } })
      .toArray(),
  ).toEqual([{ b: 1 }]);
});
