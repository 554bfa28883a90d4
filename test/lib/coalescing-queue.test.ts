import { expect, test } from 'vitest';
import { createCoalescingQueue } from '../../src/lib/coalescing-queue.ts';

/** Work that ends on demand. */
function createGate() {
  const waiting: (() => void)[] = [];
  return {
    pass: () => new Promise<void>((resolve) => waiting.push(resolve)),
    open: () => waiting.shift()?.(),
  };
}

const fail = (error: unknown) => {
  throw error;
};

test('runs one value at a time per key, and only the latest of those that wait', async () => {
  const gate = createGate();
  const seen: string[] = [];
  const latest = createCoalescingQueue<string>(async (value) => {
    seen.push(value);
    await gate.pass();
  }, fail);
  const first = latest.submit('a', 'one');
  void latest.submit('a', 'two');
  const last = latest.submit('a', 'three');
  void latest.submit('b', 'other');
  expect(seen).toEqual(['one', 'other']);
  gate.open();
  gate.open();
  await expect.poll(() => seen).toEqual(['one', 'other', 'three']);
  gate.open();
  await Promise.all([first, last, latest.idle()]);
  expect(seen).toHaveLength(3);
});

test('reports errors and continues', async () => {
  const errors: unknown[] = [];
  const seen: number[] = [];
  const latest = createCoalescingQueue<number>(
    async (value) => {
      seen.push(value);
      if (value === 1) throw new Error('no');
    },
    (error) => errors.push(error),
  );
  await Promise.all([latest.submit('a', 1), latest.submit('a', 2)]);
  await latest.submit('a', 3);
  expect([seen, errors]).toEqual([[1, 2, 3], [new Error('no')]]);
});

test('lets the caller choose between two waiting values', async () => {
  const gate = createGate();
  const seen: number[] = [];
  const latest = createCoalescingQueue<number>(
    async (value) => {
      seen.push(value);
      await gate.pass();
    },
    fail,
    Math.max,
  );
  const done = [1, 9, 4].map((value) => latest.submit('a', value));
  gate.open();
  await expect.poll(() => seen).toEqual([1, 9]);
  gate.open();
  await Promise.all(done);
});
