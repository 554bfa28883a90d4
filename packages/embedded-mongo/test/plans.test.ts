import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection, Document } from 'mongodb';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Value } from '../src/bson/value.ts';
import { Engine } from '../src/engine.ts';
import { compileFilter } from '../src/query/filter.ts';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { setupEmbeddedDatabase } from './support/setup-embedded-database.ts';

const total = 3000;
/** Of these values, only the first is in the collection. */
const upTo = (length: number) => Array.from({ length }, (_, at) => (at === 0 ? 4 : total + at));
const database = setupEmbeddedDatabase();
let items: Collection<Document>;

beforeAll(async () => {
  items = database.db.collection('items');
  await items.createIndexes([
    { key: { state: 1, priority: 1, sequence: 1 }, name: 'queue' },
    { key: { state: 1, sequence: 1 }, name: 'open', partialFilterExpression: { state: 'open' } },
    { key: { token: 1 }, name: 'token', partialFilterExpression: { token: { $type: 'string' } } },
    { key: { tags: 1 }, name: 'tags' },
    { key: { rare: 1 }, name: 'rare' },
    { key: { at: -1 }, name: 'newest' },
    { key: { unique: 1 }, name: 'unique', unique: true },
  ]);
  await items.insertMany(
    Array.from({ length: total }, (_, n) => ({
      _id: n as never,
      state: ['open', 'held', 'sent'][n % 3],
      priority: n % 2,
      sequence: n,
      tags: [`t${n % 100}`, `u${n % 50}`],
      at: new Date(n * 1000),
      unique: `u${n}`,
      ...(n % 10 === 0 && { token: `k${n}` }),
      ...(n % 30 === 0 && { rare: `r${n}` }),
    })),
  );
});

type Explained = { index: string | undefined; examined: number; sortedInMemory: boolean; returned: number };

async function explain(command: Document): Promise<Explained> {
  const { queryPlanner, executionStats } = await database.db.command({ explain: command });
  const { indexName, sortedInMemory } = queryPlanner.winningPlan;
  const { totalDocsExamined, nReturned } = executionStats;
  return { index: indexName, sortedInMemory, examined: totalDocsExamined, returned: nReturned };
}

describe('how many documents a query examines', () => {
  test.each<[string, Document, string | undefined, number]>([
    ['one by _id', { filter: { _id: 5 } }, '_id_', 1],
    ['a few by _id', { filter: { _id: { $in: [1, 2, 99_999] } } }, '_id_', 2],
    [
      'one by _id, beside an index for more fields',
      { filter: { _id: 4, state: 'held', priority: 0 } },
      '_id_',
      1,
    ],
    [
      'a few by _id, beside such an index',
      { filter: { _id: { $in: [4, 10] }, state: 'held', priority: 0 } },
      '_id_',
      2,
    ],
    [
      'two lists of values',
      { filter: { state: 'held', priority: { $in: [0, 1] }, sequence: { $in: [4, 7, 8] } } },
      'queue',
      2,
    ],
    [
      'lists with too many combinations: the first alone',
      { filter: { state: 'held', priority: { $in: [0, 1] }, sequence: { $in: upTo(10_001) } } },
      'queue',
      total / 3,
    ],
    ['a range of _id', { filter: { _id: { $gte: 10, $lt: 20 } } }, '_id_', 10],
    ['one by a unique value', { filter: { unique: 'u7' } }, 'unique', 1],
    ['equality on two fields', { filter: { state: 'held', priority: 1 } }, 'queue', total / 6],
    ['equality, then a range', { filter: { state: 'held', priority: 1, sequence: { $lt: 31 } } }, 'queue', 5],
    ['a range alone', { filter: { at: { $gt: new Date((total - 4) * 1000) } } }, 'newest', 3],
    ['one element', { filter: { tags: 't7' } }, 'tags', total / 100],
    ['one of two elements', { filter: { tags: { $in: ['t7', 'u7'] } } }, 'tags', total / 50],
    ['what a partial index has', { filter: { token: { $type: 'string', $eq: 'k10' } } }, 'token', 1],
    ['a value without its type, as in MongoDB', { filter: { token: 'k10' } }, undefined, total],
    ['what a partial index lacks', { filter: { token: null } }, undefined, total],
    ['a field without an index', { filter: { nothing: 1 } }, undefined, total],
    ['in order of an index, with a limit', { filter: {}, sort: { at: -1 }, limit: 5 }, 'newest', 5],
    ['in reverse of it', { filter: {}, sort: { at: 1 }, limit: 5 }, 'newest', 5],
    [
      'equality in order, with a limit',
      { filter: { state: 'held' }, sort: { priority: 1, sequence: 1 }, limit: 3 },
      'queue',
      3,
    ],
    [
      'the same in reverse',
      { filter: { state: 'held' }, sort: { priority: -1, sequence: -1 }, limit: 3 },
      'queue',
      3,
    ],
    [
      'two equalities in order',
      { filter: { state: 'held', priority: 0 }, sort: { sequence: -1 }, limit: 3 },
      'queue',
      3,
    ],
    ['all of a type', { filter: { token: { $type: 'string' } } }, 'token', total / 10],
    ['all of a type that few have', { filter: { rare: { $type: 'string' } } }, 'rare', total / 30],
    ['by a partial index', { filter: { state: 'open' }, sort: { sequence: 1 }, limit: 3 }, 'open', 3],
  ])('%s', async (_, query, index, examined) => {
    const explained = await explain({ find: 'items', ...query });
    expect(explained).toMatchObject({ index, examined });
    if (index !== undefined) expect(explained.sortedInMemory).toBe(false);
  });

  test('a partial index is not used for documents that it may lack', async () => {
    const { index } = await explain({ find: 'items', filter: { sequence: 5 } });
    expect(index).toBeUndefined();
  });

  test('a pipeline uses an index too', async () => {
    const pipeline = [{ $match: { state: 'open' } }, { $sort: { sequence: 1 } }, { $limit: 2 }];
    expect(await explain({ aggregate: 'items', pipeline, cursor: {} })).toMatchObject({
      index: 'open',
      examined: 2,
    });
  });
});

test('known values of a unique index are read one by one, and nothing is scanned', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-plans-'));
  const storage = openStorage(folder);
  let scans = 0;
  const scan: Storage['scan'] = (...args) => {
    scans++;
    return storage.scan(...args);
  };
  const engine = new Engine({ ...storage, scan });
  storage.write(() => {
    for (const n of [1, 2, 3]) engine.collectionFor('test.items').insert(new Map([['_id', n]]));
  });
  const find = (id: Value) => {
    scans = 0;
    const search = { filter: compileFilter(new Map([['_id', id]])), order: [], skip: 0, limit: 0 };
    return [...engine.find('test.items', search)].map(({ document }) => document.get('_id'));
  };
  expect([find(2), scans]).toEqual([[2], 0]);
  expect([find(new Map([['$in', [1, 3, 9]]])), scans]).toEqual([[1, 3], 0]);
  expect([find(new Map([['$gt', 1]])), scans]).toEqual([[2, 3], 1]);
  await storage.close();
  await rm(folder, { recursive: true });
});

test('an index is read again once somebody has written', async () => {
  const tasks = database.db.collection('tasks');
  await tasks.insertMany(Array.from({ length: 12 }, (_, n) => ({ n, state: 'open' })));
  await tasks.createIndex({ state: 1 });
  const cursor = tasks.find({ state: 'open' }).batchSize(2);
  expect(await cursor.next()).toMatchObject({ n: 0 });
  await tasks.updateMany({ n: { $gt: 4 } }, { $set: { state: 'done' } });
  expect((await cursor.toArray()).map(({ n }) => Number(n))).toEqual([1, 2, 3, 4]);
});
