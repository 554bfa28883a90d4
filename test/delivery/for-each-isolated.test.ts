import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { forEachIsolated } from '../../src/delivery/for-each-isolated.ts';

test('an item that fails does not stop the others, and its error is reported at the end', async () => {
  const done: string[] = [];
  const all = forEachIsolated(['a', 'b', 'c'], async (item) => {
    if (item === 'b') throw new Error('b is bad');
    done.push(item);
  });
  await expect(all).rejects.toThrow('b is bad');
  expect(done).toEqual(['a', 'c']);
});

test('all errors are reported, including those of nested items', async () => {
  const fail = async (item: string) => {
    throw new Error(item);
  };
  const all = forEachIsolated([['a'], ['b', 'c'], []], (items) => forEachIsolated(items, fail));
  await expect(all).rejects.toEqual(
    new AggregateError(
      ['a', 'b', 'c'].map((item) => new Error(item)),
      '3 items failed',
    ),
  );
});

test('nothing more is tried if the database is unreachable', async () => {
  const tried: string[] = [];
  const nowhere = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 1 });
  const all = forEachIsolated(['a', 'b'], async (item) => {
    tried.push(item);
    await nowhere.connect();
  });
  await expect(all).rejects.toThrow();
  expect(tried).toEqual(['a']);
});
