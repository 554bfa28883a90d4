import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMaxHeap } from '../../src/lib/max-heap.ts';

test('the first item is always one of the heaviest, whatever is changed or removed', () => {
  const step = fc.record({ item: fc.nat(20), weight: fc.option(fc.nat(10)) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const heap = createMaxHeap<number>();
      const weights = new Map<number, number>();
      for (const { item, weight } of steps) {
        if (weight === null) {
          heap.delete(item);
          weights.delete(item);
        } else {
          heap.set(item, weight);
          weights.set(item, weight);
        }
        const first = heap.first();
        const heaviest = weights.size === 0 ? undefined : Math.max(...weights.values());
        expect(first === undefined ? undefined : weights.get(first)).toBe(heaviest);
      }
    }),
  );
});
