import { type Collection, type Document, Double, Int32, Long, ObjectId, Timestamp } from 'mongodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { setupEmbeddedDatabase } from './support/setup-embedded-database.ts';

// Cases that a small database easily gets wrong without an error. The expectations are from MongoDB's documentation.
const database = setupEmbeddedDatabase();
let items: Collection<Document>;
let counter = 0;

beforeEach(() => {
  items = database.db.collection(`items_${++counter}`);
});

/** The names of the document's fields, all of them int32, in the order of its bytes. */
async function namesInOrder(): Promise<(string | undefined)[]> {
  const [found] = await items.find({}, { raw: true }).toArray();
  const bytes = Buffer.isBuffer(found) ? found.toString('latin1') : '';
  return bytes
    .split('\u0010')
    .slice(1)
    .map((field) => field.split('\0')[0]);
}

describe('an update makes', () => {
  test.each<[string, Document, Document | Document[], Document]>([
    ['$pull of a value leaves nested arrays', { r: [1, [1], [2]] }, { $pull: { r: 1 } }, { r: [[1], [2]] }],
    [
      '$pull of an array takes equal arrays',
      { r: [1, [1], [1, 2]] },
      { $pull: { r: [1] } },
      { r: [1, [1, 2]] },
    ],
    [
      '$pull by $or on fields',
      { r: [{ a: 1 }, { b: 2 }, { a: 3 }] },
      { $pull: { r: { $or: [{ a: 1 }, { b: 2 }] } } },
      { r: [{ a: 3 }] },
    ],
    [
      '$pull by $and on fields',
      { r: [{ a: 1, b: 1 }, { a: 1 }] },
      { $pull: { r: { $and: [{ a: 1 }, { b: 1 }] } } },
      { r: [{ a: 1 }] },
    ],
    [
      '$set of a missing value in a pipeline removes',
      { a: 1, b: 2 },
      [{ $set: { a: '$nothing' } }],
      { b: 2 },
    ],
    [
      'both sides of a swap see the old values',
      { a: 1, b: 2 },
      [{ $set: { a: '$b', b: '$a' } }],
      { a: 2, b: 1 },
    ],
    ['$literal is not computed', { a: 1 }, [{ $set: { b: { $literal: '$a' } } }], { a: 1, b: '$a' }],
    ['$max keeps the greater of two types', { a: 'x' }, { $max: { a: 5 } }, { a: 'x' }],
  ])('%s', async (_, before, update, after) => {
    await items.insertOne({ _id: 1 as never, ...before });
    await items.updateOne({}, update);
    expect(await items.findOne()).toEqual({ _id: 1, ...after });
  });

  test('the same order of fields, even if their names are numbers', async () => {
    await items.insertOne({ _id: 1 as never, b: 1 });
    for (const name of ['10', 'c', '7']) await items.updateOne({}, { $set: { [name]: 1 } });
    expect(await namesInOrder()).toEqual(['_id', 'b', '10', 'c', '7']);
  });

  test('new fields in the order of their names, numbers first', async () => {
    await items.insertOne({ _id: 1 as never });
    await items.updateOne({}, { $set: { b: 1, a: 1, '10': 1, '9': 1 } });
    expect(await namesInOrder()).toEqual(['_id', '9', '10', 'a', 'b']);
  });
});

test('the least int32 stays one when another field changes', async () => {
  await items.insertOne({ _id: 1 as never, v: new Int32(-(2 ** 31)) });
  await items.updateOne({}, { $set: { other: 1 } });
  expect(await items.countDocuments({ v: { $type: 'int' } })).toBe(1);
});

test('_id may not have fields that begin with $', async () => {
  await expect(items.insertOne({ _id: { $a: 1 } as never })).rejects.toMatchObject({ code: 52 });
});

describe('a filter', () => {
  test('tells a timestamp from a number, and does not take it into an index', async () => {
    await items.insertOne({ v: new Timestamp({ t: 1, i: 2 }) });
    expect(await items.countDocuments({ v: Long.fromNumber(4_294_967_298) })).toBe(0);
    expect(await items.countDocuments({ v: { $gt: 0 } })).toBe(0);
    await expect(items.createIndex({ v: 1 }, { unique: true })).rejects.toThrow("the type 'timestamp'");
  });

  test('$eq with a pattern finds that pattern as a value, not matching texts', async () => {
    await items.insertMany([
      { _id: 1, v: 'abc' },
      { _id: 2, v: /b/ },
    ] as never[]);
    const ids = async (filter: Document) => (await items.find(filter).toArray()).map(({ _id }) => _id);
    expect(await ids({ v: { $eq: /b/ } })).toEqual([2]);
    expect(await ids({ v: /b/ })).toEqual([1, 2]);
    expect(await ids({ v: { $in: [/b/] } })).toEqual([1, 2]);
  });

  test('$elemMatch does not look into nested arrays', async () => {
    await items.insertMany([{ v: [[5]] }, { v: [5] }]);
    expect(await items.countDocuments({ v: { $elemMatch: { $gt: 1 } } })).toBe(1);
    expect(await items.countDocuments({ v: { $elemMatch: { $ne: 5 } } })).toBe(1);
  });

  test('$in of 4,000 values does one lookup per value', async () => {
    const values = Array.from({ length: 4000 }, (_, n) => n);
    await items.insertOne({ v: values });
    expect(await items.countDocuments({ v: { $in: values.map((n) => n + 3999) } })).toBe(1);
    await expect(items.countDocuments({ v: { $all: values } })).rejects.toThrow('$all');
  });
});

describe('flags may be numbers, as drivers of other languages send them', () => {
  test('new and upsert', async () => {
    const command = { findAndModify: items.collectionName, query: { _id: 1 }, update: { $set: { a: 1 } } };
    expect(await database.db.command({ ...command, new: 1, upsert: 1 })).toMatchObject({
      value: { _id: 1, a: 1 },
    });
  });

  test('multi', async () => {
    await items.insertMany([{ a: 1 }, { a: 1 }]);
    const updates = [{ q: {}, u: { $set: { a: 2 } }, multi: 1 }];
    expect(await database.db.command({ update: items.collectionName, updates })).toMatchObject({
      nModified: 2,
    });
  });
});

describe('an expression compares', () => {
  const id = new ObjectId();
  test.each<[string, Document, unknown]>([
    ['missing and null: not equal', { $eq: ['$missing', null] }, false],
    ['missing: less than null', { $lt: ['$missing', null] }, true],
    ['null: less than a number', { $lt: [null, 0] }, true],
    ['a number: less than a text', { $lt: [5, 'a'] }, true],
    ['a text: less than a document', { $lt: ['a', { $literal: {} }] }, true],
    ['a boolean: less than a date', { $lt: [true, '$$NOW'] }, true],
    ['an ObjectId: less than a boolean', { $lt: [{ $literal: id }, false] }, true],
    ['1 and 1.0: equal', { $eq: [1, new Double(1)] }, true],
    ['the least of what is there', { $min: ['$missing', null, 3, 2] }, 2],
    ['in a list', { $in: [null, [1, null]] }, true],
  ])('%s', async (_, expression, expected) => {
    await items.insertOne({ _id: 1 as never });
    expect(await items.aggregate([{ $project: { _id: 0, v: expression } }]).toArray()).toEqual([
      { v: expected },
    ]);
  });
});

describe('is refused by name', () => {
  test.each<[string, Document, string]>([
    ['let', { find: 'items', let: { a: 1 } }, 'find.let'],
    ['hint', { find: 'items', hint: { a: 1 } }, 'find.hint'],
    ['maxTimeMS', { find: 'items', maxTimeMS: 5 }, 'find.maxTimeMS'],
    ['$lookup', { aggregate: 'items', pipeline: [{ $lookup: {} }], cursor: {} }, '$lookup'],
    ['$slice in a projection', { find: 'items', projection: { a: { $slice: 1 } } }, '$slice'],
    ['$expr', { find: 'items', filter: { $expr: true } }, '$expr'],
    ['$size', { find: 'items', filter: { a: { $size: 1 } } }, '$size'],
    ['a pattern', { find: 'items', filter: { a: { $regex: '(a+)+$' } } }, '(a+)+$'],
    ['an option of a pattern', { find: 'items', filter: { a: { $regex: 'a', $options: 'x' } } }, 'x'],
    [
      'an accumulator',
      { aggregate: 'items', pipeline: [{ $group: { _id: 1, a: { $avg: 1 } } }], cursor: {} },
      '$avg',
    ],
    ['a variable', { aggregate: 'items', pipeline: [{ $project: { a: '$$x' } }], cursor: {} }, 'x'],
    [
      'a sparse index',
      { createIndexes: 'items', indexes: [{ key: { a: 1 }, name: 'a', sparse: true }] },
      'sparse',
    ],
    ['$push', { update: 'items', updates: [{ q: {}, u: { $push: { a: 1 } } }] }, '$push'],
    [
      '$sort after $group',
      { aggregate: 'items', pipeline: [{ $group: { _id: 1 } }, { $sort: { _id: 1 } }], cursor: {} },
      '$sort',
    ],
    [
      'a path in a $set of a pipeline',
      { update: 'items', updates: [{ q: {}, u: [{ $set: { 'x.b': 1 } }] }] },
      'x.b',
    ],
    [
      'fields within one in a $set of a pipeline',
      { update: 'items', updates: [{ q: {}, u: [{ $set: { x: { b: 1 } } }] }] },
      "within 'x'",
    ],
    [
      'a path in an $unset of a pipeline',
      { update: 'items', updates: [{ q: {}, u: [{ $unset: 'x.a' }] }] },
      'x.a',
    ],
    ['a path that a projection excludes', { find: 'items', projection: { 'b.c': 0 } }, 'b.c'],
    ['a path that a projection computes', { find: 'items', projection: { 'b.c': '$a' } }, 'b.c'],
    ['a computed _id', { find: 'items', projection: { _id: '$a' } }, '_id'],
    ['a positional path', { update: 'items', updates: [{ q: {}, u: { $set: { 'a.$': 1 } } }] }, 'a.$'],
  ])('%s', async (_, command, name) => {
    const refused = await database.db.command(command).then(
      ({ writeErrors }) => String(writeErrors?.[0]?.errmsg),
      (error: unknown) => String(error),
    );
    expect(refused).toContain(name);
    expect(refused).toContain('embedded-mongo does not support');
  });
});
