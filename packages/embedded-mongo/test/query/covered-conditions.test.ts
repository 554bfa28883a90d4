import { type Document, Double, Int32, Long, ObjectId } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileFilter } from '../../src/query/filter.ts';
import { type IndexBounds, indexBounds } from '../../src/query/index-bounds.ts';
import { defineIndex } from '../../src/storage/index-definition.ts';
import { indexKeys } from '../../src/storage/index-keys.ts';
import type { KeyRange } from '../../src/storage/storage.ts';

const long = 'x'.repeat(1890);
const scalar = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'a\0', 'é', long, `${long}y`.repeat(2), `${long}y`.repeat(2).concat('z')),
  fc.constantFrom(new Int32(0), new Int32(2), new Double(2), new Double(-0), new Double(1.5)),
  fc.constantFrom(new Double(Number.NaN), Long.fromNumber(2), Long.fromString('9007199254740993')),
  fc.constantFrom(null, true, false, new Date(0), new Date(5), new Date(-5)),
  fc.constantFrom(new ObjectId('000000000000000000000001'), new ObjectId('000000000000000000000002')),
);
const value = fc.oneof(
  { weight: 16, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 1 }) },
  { weight: 1, arbitrary: fc.record({ x: scalar }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.array(fc.record({ x: scalar }, { requiredKeys: [] }), { maxLength: 2 }) },
);
const path = fc.constantFrom('a', 'b', 'a.x', 'a.0');
const document: fc.Arbitrary<Document> = fc.record({ a: value, b: value }, { requiredKeys: [] });
const bound = fc.constantFrom('$gt', '$gte', '$lt', '$lte');
const condition = fc.oneof(
  value,
  fc.record({ $in: fc.array(value, { maxLength: 4 }) }),
  fc.dictionary(bound, scalar, { minKeys: 1, maxKeys: 2 }),
  fc.record({ $in: fc.array(scalar, { maxLength: 4 }), $gte: scalar }),
  fc.record({ $eq: scalar, $ne: scalar }),
  fc.record({ $exists: fc.boolean() }),
);
const filter = fc.dictionary(path, condition, { minKeys: 1, maxKeys: 3 });
const key = fc.dictionary(path, fc.constantFrom(1, -1), { minKeys: 1, maxKeys: 3 });

function rangesOf({ ranges }: IndexBounds): KeyRange[] {
  return Array.from({ length: ranges.length }, (_, at) => ranges.at(at)?.range).filter(
    (range) => range !== undefined,
  );
}

test('a condition that an index answers is met by all that it finds, one that it does not answer is asked', () => {
  const seen = { met: 0, left: 0 };
  fc.assert(
    fc.property(
      fc.array(document, { minLength: 1, maxLength: 8 }),
      filter,
      key,
      fc.boolean(),
      (documents, wanted, fields, unique) => {
        const record = {
          id: 1,
          name: 'index',
          key: fields,
          unique,
          sparse: false,
          multikey: false,
          cut: false,
        };
        const index = defineIndex(record);
        const kept = documents.flatMap((one) => {
          try {
            return [{ one, ...indexKeys(one, index, 1) }];
          } catch {
            // Two arrays are too much for an index.
            return [];
          }
        });
        record.multikey = kept.some(({ multikey }) => multikey);
        record.cut = kept.some(({ cut }) => cut);
        const { conditions, test: passes, tests = [] } = compileFilter(wanted);
        const bounds = indexBounds(index, conditions);
        for (const { one, keys } of kept) {
          const isFound = keys.some((bytes) =>
            bounds.isComplete
              ? bounds.points().some((point) => point.equals(bytes))
              : rangesOf(bounds).some(
                  ({ from, to }) => Buffer.compare(bytes, from) >= 0 && Buffer.compare(bytes, to) < 0,
                ),
          );
          if (passes(one)) expect(isFound).toBe(true);
          if (!isFound) continue;
          for (const [at, each] of conditions.entries()) {
            if (bounds.covered.has(each)) {
              expect(tests[at]?.(one)).toBe(true);
              seen.met++;
            } else if (tests[at]?.(one) === false) seen.left++;
          }
        }
      },
    ),
    { numRuns: 10_000 },
  );
  expect(Math.min(seen.met, seen.left)).toBeGreaterThan(100);
});
