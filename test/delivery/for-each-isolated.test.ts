import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { forEachIsolated } from '../../src/delivery/for-each-isolated.ts';

test('an item that fails keeps no other from its turn, and is told of at the end', async () => {
  const done: string[] = [];
  const all = forEachIsolated(['a', 'b', 'c'], async (item) => {
    if (item === 'b') throw new Error('b is bad');
    done.push(item);
  });
  await expect(all).rejects.toThrow('b is bad');
  expect(done).toEqual(['a', 'c']);
});

test('all errors are told of, also those of items that have items of their own', async () => {
  const fail = async (item: string) => {
    throw new Error(item);
  };
  const all = forEachIsolated([['a'], ['b', 'c'], []], (items) => forEachIsolated(items, fail));
  await expect(all).rejects.toEqual(
    new AggregateError(
      ['a', 'b', 'c'].map((item) => new Error(item)),
      '3 errors, each of another item',
    ),
  );
});

test('nothing more is tried when no database is reached', async () => {
  const tried: string[] = [];
  const nowhere = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 1 });
  const all = forEachIsolated(['a', 'b'], async (item) => {
    tried.push(item);
    await nowhere.connect();
  });
  await expect(all).rejects.toThrow();
  expect(tried).toEqual(['a']);
});
