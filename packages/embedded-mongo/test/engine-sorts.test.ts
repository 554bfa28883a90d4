import { Long, ObjectId } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { setupCollections } from './support/setup-collections.ts';

const { collectionWith } = setupCollections();

describe('a sort', () => {
  const mixed = [
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
    { _id: 'null', v: null },
  ];
  const inOrder = ['null', 'minus', 'nine', 'ten', 'text a', 'text', 'object', 'id', 'false', 'true', 'date'];

  test('orders values of all types', async () => {
    const items = await collectionWith(mixed);
    const sorted = async (direction: 1 | -1) =>
      (await items.find().sort({ v: direction }).toArray()).map(({ _id }) => String(_id));
    expect(await sorted(1)).toEqual(inOrder);
    expect(await sorted(-1)).toEqual([...inOrder].reverse());
    await items.createIndex({ v: 1 });
    expect(await sorted(1)).toEqual(inOrder);
    expect(await sorted(-1)).toEqual([...inOrder].reverse());
  });

  test('by several fields, with skip and limit', async () => {
    const items = await collectionWith(
      Array.from({ length: 20 }, (_, _id) => ({ _id, g: _id % 3, n: 20 - _id })),
    );
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
    const items = await collectionWith(rows);
    await items.createIndex({ g: 1, n: 1 });
    const expected = rows.filter(({ g }) => g !== 'd').sort((a, b) => a.n - b.n);
    const query = (direction: 1 | -1) => items.find({ g: { $in: ['a', 'b', 'c'] } }).sort({ n: direction });
    expect(await query(1).toArray()).toEqual(expected);
    expect(await query(-1).toArray()).toEqual([...expected].reverse());
    expect(await query(-1).skip(2).limit(3).toArray()).toEqual([...expected].reverse().slice(2, 5));
  });

  test('uses an array’s smallest element ascending, its largest descending', async () => {
    const items = await collectionWith([
      { _id: 1, a: [5, 1] },
      { _id: 2, a: 3 },
      { _id: 3, a: [2, 9] },
    ]);
    expect((await items.find().sort({ a: 1 }).toArray()).map(({ _id }) => _id)).toEqual([1, 3, 2]);
    expect((await items.find().sort({ a: -1 }).toArray()).map(({ _id }) => _id)).toEqual([3, 1, 2]);
  });
});
