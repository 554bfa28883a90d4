import { type Collection, type Document, Double, Long, ObjectId } from 'mongodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { setupCollections } from './support/setup-collections.ts';

const { collectionWith } = setupCollections();

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
    items = await collectionWith(documents);
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
    ['a pattern', { s: /^BAN/i }, [2]],
    ['a pattern given as text', { s: { $regex: 'rr', $options: 'i' } }, [3]],
    ['a pattern among several', { s: { $in: [/^app/, 'cherry'] } }, [1, 3]],
    ['not a pattern', { s: { $not: /an/ } }, [1, 3, 4, 5, 6]],
    ['a nested field', { 'nested.b.c': 'deep' }, [3]],
    ['a whole document', { nested: { a: 1, b: { c: 'deep' } } }, [3]],
    ['no document with its fields in another order', { nested: { b: { c: 'deep' }, a: 1 } }, []],
    ['an element', { tags: 'b' }, [1]],
    ['a whole array', { tags: ['a', 'b'] }, [1]],
    ['an empty array', { tags: [] }, [2]],
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
    ['everything', {}, [1, 2, 3, 4, 5, 6]],
  ])('%s', async (_, filter, expected) => {
    expect(await idsFor(items, filter)).toEqual(expected);
  });

  test('null inside arrays, if an element lacks the field', async () => {
    const rows = await collectionWith([
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

test('refuses an unknown operator', async () => {
  const items = await collectionWith([{ a: 1 }]);
  await expect(items.find({ a: { $nonsense: 1 } }).toArray()).rejects.toThrow();
  await expect(items.find({ $nonsense: [] }).toArray()).rejects.toThrow();
});
