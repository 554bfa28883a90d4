import type { Document } from 'mongodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { setupEmbeddedDatabase } from './support/setup-embedded-database.ts';

const database = setupEmbeddedDatabase();

beforeAll(async () => {
  await database.db.collection('items').insertMany([
    { _id: 1, a: 1, l: [1] },
    { _id: 2, a: 1 },
  ] as never[]);
});

describe('the embedded store refuses what it does not support', () => {
  test.each<[string, Document, number]>([
    ['a command', { nonsense: 1 }, 115],
    ['a change stream', { aggregate: 'items', pipeline: [{ $changeStream: {} }], cursor: {} }, 40324],
    ['a field of a command', { find: 'items', tailable: true }, 40415],
    ['a transaction', { find: 'items', txnNumber: 1, startTransaction: true }, 40415],
    ['a collation', { find: 'items', collation: { locale: 'de' } }, 40415],
    ['more than one writer', { insert: 'items', documents: [{ a: 1 }], writeConcern: { w: 2 } }, 2],
    ['a read concern', { find: 'items', readConcern: { level: 'local' } }, 40415],
    ['a session', { find: 'items', lsid: { id: 1 } }, 40415],
    ['a count with a filter', { count: 'items', query: { a: 1 } }, 40415],
    ['an index without a name', { createIndexes: 'items', indexes: [{ key: { a: 1 } }] }, 14],
    ['a query operator', { find: 'items', filter: { a: { $near: [1, 2] } } }, 2],
    ['code in a query', { find: 'items', filter: { $where: 'true' } }, 2],
    ['text search', { find: 'items', filter: { $text: { $search: 'x' } } }, 2],
    ['a schema', { find: 'items', filter: { $jsonSchema: {} } }, 2],
    [
      'code in a pipeline',
      {
        aggregate: 'items',
        pipeline: [{ $project: { a: { $function: { body: 'x', args: [], lang: 'js' } } } }],
        cursor: {},
      },
      2,
    ],
    ['writing by a pipeline', { aggregate: 'items', pipeline: [{ $out: 'other' }], cursor: {} }, 40324],
    ['merging by a pipeline', { aggregate: 'items', pipeline: [{ $merge: 'other' }], cursor: {} }, 40324],
    ['a positional projection', { find: 'items', filter: { l: 1 }, projection: { 'l.$': 1 } }, 2],
    ['a text index', { createIndexes: 'items', indexes: [{ key: { a: 'text' }, name: 't' }] }, 67],
    ['a wildcard index', { createIndexes: 'items', indexes: [{ key: { '$**': 1 }, name: 'w' }] }, 67],
    [
      'an option of an index',
      { createIndexes: 'items', indexes: [{ key: { a: 1 }, name: 'h', hidden: true }] },
      40415,
    ],
    [
      'a partial index on a negation',
      {
        createIndexes: 'items',
        indexes: [{ key: { a: 1 }, name: 'p', partialFilterExpression: { a: { $ne: 1 } } }],
      },
      67,
    ],
    [
      'a TTL over two fields',
      { createIndexes: 'items', indexes: [{ key: { a: 1, b: 1 }, name: 'e', expireAfterSeconds: 1 }] },
      67,
    ],
    ['a capped collection', { create: 'log', capped: true, size: 1000 }, 115],
    ['an index that is not there, as a hint', { find: 'items', hint: 'none' }, 40415],
    ['a name that cannot be', { find: 'a$b' }, 73],
    ['the indexes of nothing', { listIndexes: 'nothing' }, 26],
    ['a cursor that is not open', { getMore: 5, collection: 'items' }, 43],
    ['a sort in no direction', { find: 'items', sort: { a: 'up' } }, 2],
  ])('%s', async (_, command, code) => {
    const result = database.db.command(
      command.getMore === undefined ? command : { ...command, getMore: BigInt(5) },
    );
    await expect(result).rejects.toMatchObject({ code, message: expect.any(String) });
  });

  test.each<[string, Document, number]>([
    ['an update operator', { u: { $nonsense: { a: 1 } } }, 9],
    ['a whole document for many', { u: { a: 1 }, multi: true }, 9],
    ['two changes of one path', { u: { $set: { 'x.y': 1 }, $inc: { x: 1 } } }, 40],
    ['another _id', { u: { $set: { _id: 9 } } }, 66],
    ['a path through a value', { u: { $set: { 'a.b': 1 } } }, 28],
    ['an array filter that is not used', { u: { $set: { a: 2 } }, arrayFilters: [{ x: 1 }] }, 40415],
    ['an array filter that is missing', { u: { $set: { 'l.$[x]': 2 } } }, 2],
    ['a collation', { u: { $set: { a: 2 } }, collation: { locale: 'de' } }, 40415],
    ['an unknown part', { u: { $set: { a: 2 } }, nonsense: 1 }, 40415],
    ['a stage that is no update', { u: [{ $match: {} }] }, 72],
  ])('in an update: %s', async (_, statement, code) => {
    const result = database.db.command({ update: 'items', updates: [{ q: { _id: 1 }, ...statement }] });
    expect(await result).toMatchObject({ n: 0, writeErrors: [{ index: 0, code }] });
    expect(await database.db.collection('items').findOne({ _id: 1 as never })).toEqual({
      _id: 1,
      a: 1,
      l: [1],
    });
  });

  test('an array in an index of several fields, and a value that is too long for an index', async () => {
    const pairs = database.db.collection('pairs');
    await pairs.createIndex({ a: 1, b: 1 });
    await expect(pairs.insertOne({ a: [1, 2], b: 2 })).rejects.toMatchObject({ code: 171 });
    await expect(pairs.insertOne({ a: 'x'.repeat(2000) })).rejects.toMatchObject({ code: 201 });
    expect(await pairs.countDocuments()).toBe(0);
  });

  test('a document beyond 16 MiB', async () => {
    const items = database.db.collection('large');
    await items.insertOne({ _id: 1 as never, text: 'x'.repeat(9_000_000) });
    await expect(
      items.updateOne({}, [{ $set: { text: { $concat: ['$text', '$text'] } } }]),
    ).rejects.toMatchObject({ code: 10334 });
    expect((await items.findOne())?.text).toHaveLength(9_000_000);
  });
});

test('a duplicate key is reported with its index', async () => {
  const items = database.db.collection('unique');
  await items.createIndex({ a: 1, 'b.c': -1 }, { unique: true, name: 'pair' });
  await items.insertOne({ a: 'x', b: { c: 5 } });
  await expect(items.insertOne({ a: 'x', b: { c: 5 } })).rejects.toMatchObject({
    code: 11000,
    message: `E11000 duplicate key error collection: ${database.db.databaseName}.unique index: pair`,
    keyPattern: { a: 1, 'b.c': -1 },
  });
});
