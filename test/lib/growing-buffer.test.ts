import { expect, test } from 'vitest';
import { createGrowingBuffer } from '../../src/lib/growing-buffer.ts';

test('keeps what is appended, and announces memory before it takes it', () => {
  const capacities: number[] = [];
  const buffer = createGrowingBuffer(100_000, (bytes) => capacities.push(bytes));
  buffer.append(Buffer.alloc(65_536, 'a'));
  buffer.append(Buffer.from('b'));
  expect(capacities).toEqual([65_536, 100_000]);
  expect(buffer.read().toString()).toBe(`${'a'.repeat(65_536)}b`);
});

test('accepts nothing more once it was cleared, even while it asks for memory', () => {
  const capacities: number[] = [];
  const buffer = createGrowingBuffer(100, (bytes) => {
    capacities.push(bytes);
    buffer.clear();
  });
  buffer.append(Buffer.from('evicted'));
  buffer.append(Buffer.from('late'));
  expect(buffer.length()).toBe(0);
  expect(buffer.read()).toHaveLength(0);
  expect(capacities).toEqual([100]);
});
