import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanRanges } from '../../src/storage/scan.ts';
import type { KeyRange, Storage } from '../../src/storage/storage.ts';

/** Keys in order, as lmdb gives them. */
function storageOf(keys: readonly number[]): Pick<Storage, 'entries'> {
  const all = keys.map((key) => ({ key: keyOf(key), value: Buffer.alloc(0) }));
  return {
    entries({ from, to }, limit, backwards = false) {
      const within = all.filter(({ key }) => Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) < 0);
      const entries = (backwards ? within.reverse() : within).slice(0, limit);
      return { entries, more: entries.length === limit };
    },
  };
}

function keyOf(number: number): Buffer {
  const key = Buffer.alloc(2);
  key.writeUInt16BE(number);
  return key;
}

const number = fc.integer({ min: 0, max: 300 });
const sorted = (numbers: number[]) => numbers.toSorted((a, b) => a - b);
const keys = fc.uniqueArray(number, { maxLength: 150 }).map(sorted);
const ranges = fc
  .uniqueArray(number, { maxLength: 60 })
  .map((numbers) => sorted(numbers.slice(0, numbers.length & ~1)))
  .map((bounds) =>
    bounds.flatMap((from, at): KeyRange[] =>
      at % 2 === 0 ? [{ from: keyOf(from), to: keyOf(bounds[at + 1] ?? 0) }] : [],
    ),
  );

test('a walk over ranges finds what each of them holds, in order, either way', () => {
  fc.assert(
    fc.property(keys, ranges, fc.boolean(), (there, asked, backwards) => {
      const found = Array.from(scanRanges(storageOf(there), asked, backwards), ({ key }) => key);
      const held = there
        .map(keyOf)
        .filter((key) =>
          asked.some(({ from, to }) => Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) < 0),
        );
      expect(found).toEqual(backwards ? held.reverse() : held);
    }),
    { numRuns: 1000 },
  );
});
