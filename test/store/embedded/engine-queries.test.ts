import {
  type Collection,
  type Db,
  Decimal128,
  type Document,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
} from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/mongo.ts';

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await openTestDatabase();
  db = database.db;
});
afterAll(() => database.close());

let counter = 0;
async function given(documents: readonly Document[]): Promise<Collection> {
  const items = db.collection(`items_${++counter}`);
  if (documents.length > 0) await items.insertMany([...documents]);
  return items;
}

async function idsFor(items: Collection, filter: Document): Promise<unknown[]> {
  return (await items.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
}

describe('a filter finds', () => {
  const date = new Date('2026-01-01T00:00:00Z');
  const id = new ObjectId('64b7f0c2a1b2c3d4e5f60718');
  const documents = [
    { _id: 1, n: 1, s: 'apple', tags: ['a', 'b'], at: date },
    { _id: 2, n: 2.5, s: 'banana', tags: [], at: new Date(date.getTime() + 1000) },
    { _id: 3, n: Long.fromNumber(10), s: 'cherry', nested: { a: 1, b: { c: 'deep' } } },
    {
      _id: 4,
      n: null,
      list: [
        { k: 1, v: 'x' },
        { k: 2, v: 'y' },
      ],
    },
    { _id: 5, list: [{ k: 1, v: 'y' }], ref: id },
    { _id: 6, n: 'text', scores: [3, 20], flag: true },
  ];
  let items: Collection;
  beforeAll(async () => {
    items = await given(documents);
  });

  test.each<[string, Document, number[]]>([
    ['a number whatever its type', { n: 10 }, [3]],
    ['a long by a double', { n: new Double(10) }, [3]],
    ['only numbers above a number', { n: { $gt: 1 } }, [2, 3]],
    ['a range', { n: { $gte: 1, $lt: 10 } }, [1, 2]],
    ['only text above a text', { n: { $gt: 'a' } }, [6]],
    ['null and missing', { n: null }, [4, 5]],
    ['all but null and missing', { n: { $ne: null } }, [1, 2, 3, 6]],
    ['what is there', { n: { $exists: true } }, [1, 2, 3, 4, 6]],
    ['what is missing', { n: { $exists: false } }, [5]],
    ['one of several', { n: { $in: [1, 'text', null] } }, [1, 4, 5, 6]],
    ['none of several', { n: { $nin: [1, 'text', null] } }, [2, 3]],
    ['not what another condition finds', { n: { $not: { $gt: 1 } } }, [1, 4, 5, 6]],
    ['a date', { at: date }, [1]],
    ['dates after one', { at: { $gt: date } }, [2]],
    ['an ObjectId', { ref: id }, [5]],
    ['a pattern', { s: /^b.*A$/i }, [2]],
    ['a pattern given as text', { s: { $regex: 'rr', $options: 'i' } }, [3]],
    ['a pattern among several', { s: { $in: [/^app/, 'cherry'] } }, [1, 3]],
    ['not a pattern', { s: { $not: /an/ } }, [1, 3, 4, 5, 6]],
    ['a nested field', { 'nested.b.c': 'deep' }, [3]],
    ['a whole document', { nested: { a: 1, b: { c: 'deep' } } }, [3]],
    ['no document with its fields in another order', { nested: { b: { c: 'deep' }, a: 1 } }, []],
    ['an element', { tags: 'b' }, [1]],
    ['a whole array', { tags: ['a', 'b'] }, [1]],
    ['an empty array', { tags: [] }, [2]],
    ['an array by its size', { tags: { $size: 2 } }, [1]],
    ['all of several elements', { tags: { $all: ['b', 'a'] } }, [1]],
    ['a field of an element', { 'list.k': 2 }, [4]],
    ['an element by its number', { 'list.1.v': 'y' }, [4]],
    ['fields of different elements', { 'list.k': 1, 'list.v': 'y' }, [4, 5]],
    ['fields of one element', { list: { $elemMatch: { k: 1, v: 'y' } } }, [5]],
    ['bounds met by different elements', { scores: { $gt: 10, $lt: 5 } }, [6]],
    ['bounds met by one element', { scores: { $elemMatch: { $gt: 10, $lt: 15 } } }, []],
    ['either', { $or: [{ n: 1 }, { flag: true }] }, [1, 6]],
    ['neither', { $nor: [{ n: 1 }, { flag: true }, { list: { $exists: true } }] }, [2, 3]],
    ['both', { $and: [{ n: { $gt: 0 } }, { n: { $lt: 2 } }] }, [1]],
    ['a type', { n: { $type: 'string' } }, [6]],
    ['one of several types', { n: { $type: ['double', 'null'] } }, [2, 4]],
    ['a remainder', { n: { $mod: [5, 0] } }, [3]],
    ['what an expression says', { $expr: { $gt: ['$n', 2] }, n: { $type: 'number' } }, [2, 3]],
    ['everything', {}, [1, 2, 3, 4, 5, 6]],
  ])('%s', async (_, filter, expected) => {
    expect(await idsFor(items, filter)).toEqual(expected);
  });

  test('null inside of arrays, where an element lacks the field', async () => {
    const rows = await given([
      { _id: 1, l: [{ b: 1 }, {}] },
      { _id: 2, l: [{ b: 1 }] },
      { _id: 3, l: [{ b: null }] },
      { _id: 4 },
    ]);
    expect(await idsFor(rows, { 'l.b': null })).toEqual([1, 3, 4]);
    await rows.createIndex({ 'l.b': 1 });
    expect(await idsFor(rows, { 'l.b': null })).toEqual([1, 3, 4]);
  });
});

test('refuses an operator that it does not know', async () => {
  const items = await given([{ a: 1 }]);
  await expect(items.find({ a: { $nonsense: 1 } }).toArray()).rejects.toThrow();
  await expect(items.find({ $nonsense: [] }).toArray()).rejects.toThrow();
});

describe('a sort', () => {
  const mixed = [
    { _id: 'max', v: new MaxKey() },
    { _id: 'date', v: new Date(0) },
    { _id: 'true', v: true },
    { _id: 'false', v: false },
    { _id: 'id', v: new ObjectId() },
    { _id: 'object', v: { a: 1 } },
    { _id: 'text', v: 'b' },
    { _id: 'text a', v: 'a' },
    { _id: 'ten', v: Long.fromNumber(10) },
    { _id: 'nine', v: 9.5 },
    { _id: 'minus', v: -3 },
    { _id: 'decimal', v: Decimal128.fromString('9.75') },
    { _id: 'null', v: null },
    { _id: 'min', v: new MinKey() },
  ];
  const inOrder = [
    'min',
    'null',
    'minus',
    'nine',
    'decimal',
    'ten',
    'text a',
    'text',
    'object',
    'id',
    'false',
    'true',
    'date',
    'max',
  ];

  test('orders values of all types', async () => {
    const items = await given(mixed);
    const sorted = async (direction: 1 | -1) =>
      (await items.find().sort({ v: direction }).toArray()).map(({ _id }) => String(_id));
    expect(await sorted(1)).toEqual(inOrder);
    expect(await sorted(-1)).toEqual([...inOrder].reverse());
    await items.createIndex({ v: 1 });
    expect(await sorted(1)).toEqual(inOrder);
    expect(await sorted(-1)).toEqual([...inOrder].reverse());
  });

  test('by several fields, with skip and limit', async () => {
    const items = await given(Array.from({ length: 20 }, (_, _id) => ({ _id, g: _id % 3, n: 20 - _id })));
    const expected = (await items.find().toArray())
      .sort((a, b) => Number(b.g) - Number(a.g) || Number(a.n) - Number(b.n))
      .slice(4, 9);
    const query = () => items.find().sort({ g: -1, n: 1 }).skip(4).limit(5).toArray();
    expect(await query()).toEqual(expected);
    await items.createIndex({ g: 1, n: -1 });
    expect(await query()).toEqual(expected);
  });

  test('by the field that follows several values in an index', async () => {
    const rows = Array.from({ length: 40 }, (_, _id) => ({ _id, g: 'cabd'[_id % 4], n: (_id * 7) % 40 }));
    const items = await given(rows);
    await items.createIndex({ g: 1, n: 1 });
    const expected = rows.filter(({ g }) => g !== 'd').sort((a, b) => a.n - b.n);
    const query = (direction: 1 | -1) => items.find({ g: { $in: ['a', 'b', 'c'] } }).sort({ n: direction });
    expect(await query(1).toArray()).toEqual(expected);
    expect(await query(-1).toArray()).toEqual([...expected].reverse());
    expect(await query(-1).skip(2).limit(3).toArray()).toEqual([...expected].reverse().slice(2, 5));
  });

  test('takes an array by its least element upwards, its greatest downwards', async () => {
    const items = await given([
      { _id: 1, a: [5, 1] },
      { _id: 2, a: 3 },
      { _id: 3, a: [2, 9] },
    ]);
    expect((await items.find().sort({ a: 1 }).toArray()).map(({ _id }) => _id)).toEqual([1, 3, 2]);
    expect((await items.find().sort({ a: -1 }).toArray()).map(({ _id }) => _id)).toEqual([3, 1, 2]);
  });
});

describe('a projection', () => {
  const whole = { _id: 1, a: 1, b: { c: 2, d: 3 }, l: [{ x: 1, y: 2 }, 5, { x: 3 }] };
  test.each<[string, Document, Document]>([
    ['takes fields', { a: 1 }, { _id: 1, a: 1 }],
    ['takes fields without _id', { a: 1, _id: 0 }, { a: 1 }],
    ['leaves fields out', { b: 0, l: 0 }, { _id: 1, a: 1 }],
    ['takes nested fields', { 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
    ['leaves nested fields out', { 'b.c': 0, l: 0 }, { _id: 1, a: 1, b: { d: 3 } }],
    ['reaches into arrays', { 'l.x': 1 }, { _id: 1, l: [{ x: 1 }, { x: 3 }] }],
    ['leaves only _id', { _id: 1 }, { _id: 1 }],
    ['computes', { _id: 0, sum: { $add: ['$a', '$b.c'] } }, { sum: 3 }],
  ])('%s', async (_, projection, expected) => {
    const items = await given([whole]);
    expect(await items.findOne({}, { projection })).toEqual(expected);
  });
});

describe('a cursor', () => {
  test('brings everything in batches, while others write', async () => {
    const items = await given(Array.from({ length: 500 }, (_, _id) => ({ _id })));
    const seen: number[] = [];
    for await (const { _id } of items.find().batchSize(7)) {
      seen.push(Number(_id));
      if (Number(_id) % 100 === 0) await items.insertOne({ late: true });
    }
    expect(seen.filter((n) => !Number.isNaN(n))).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });

  test('that is closed is gone', async () => {
    const items = await given(Array.from({ length: 10 }, (_, _id) => ({ _id })));
    const cursor = items.find().batchSize(2);
    await cursor.next();
    const id = cursor.id;
    await cursor.close();
    await expect(db.command({ getMore: id, collection: items.collectionName })).rejects.toMatchObject({
      code: 43,
    });
  });

  test('stops at the limit', async () => {
    const items = await given(Array.from({ length: 50 }, (_, _id) => ({ _id })));
    expect(await items.find().batchSize(4).limit(10).toArray()).toHaveLength(10);
    expect(await items.find().skip(45).toArray()).toHaveLength(5);
    expect(await items.find().limit(-3).toArray()).toHaveLength(3);
  });
});

test('count and distinct', async () => {
  const items = await given([{ g: 'a', l: [1, 2] }, { g: 'b', l: [2, 3] }, { g: 'a' }]);
  expect(await items.countDocuments({ g: 'a' })).toBe(2);
  expect(await items.countDocuments({ g: 'none' })).toBe(0);
  expect(await items.countDocuments({}, { skip: 1, limit: 5 })).toBe(2);
  expect((await items.distinct('g')).sort()).toEqual(['a', 'b']);
  expect((await items.distinct('l')).sort()).toEqual([1, 2, 3]);
  expect(await items.distinct('l', { g: 'b' })).toEqual([2, 3]);
});

test('a collection that does not exist is empty', async () => {
  const items = db.collection('nothing');
  expect(await items.find().toArray()).toEqual([]);
  expect(await items.countDocuments()).toBe(0);
  expect(await items.updateOne({ a: 1 }, { $set: { a: 2 } })).toMatchObject({ matchedCount: 0 });
  expect(await items.deleteMany({})).toMatchObject({ deletedCount: 0 });
});
