import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareValues, encodedValue, equalValues } from '../../src/bson/key.ts';
import { bsonTypes, Double, RawValue, toNumber, type Value } from '../../src/bson/value.ts';

const character = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint));
const text = fc.string({ unit: character, maxLength: 6 });
const number = fc.oneof(
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.integer({ min: -1100, max: 1100 }).map((near) => 2n ** 62n + BigInt(near)),
  fc.double({ noNaN: true }).map((value) => new Double(value)),
  fc.constantFrom(2 ** 53, 2 ** 62, 2 ** 63, -(2 ** 63)).map((value) => new Double(value)),
);

/** Without rounding: a double is a whole number or lies between two of them. */
function compareNumbers(a: number | bigint | Double, b: number | bigint | Double): number {
  const [x, y] = [toNumber(a), toNumber(b)];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return x === y ? 0 : x - y;
  const [m, n] = [whole(a), whole(b)];
  if (m !== n) return m < n ? -1 : 1;
  return x % 1 === y % 1 ? 0 : x - y;
}
const whole = (value: number | bigint | Double) =>
  value instanceof Double ? BigInt(Math.floor(value.value)) : BigInt(value);

describe('the order of keys is the order of values', () => {
  test('of numbers, whatever their type', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const order = Math.sign(compareNumbers(a, b));
        expect(Math.sign(Buffer.compare(encodedValue(a), encodedValue(b)))).toBe(order);
        expect(Math.sign(compareValues(a, b))).toBe(order);
        expect(equalValues(a, b)).toBe(order === 0);
      }),
    );
  });

  test('of texts, by their UTF-8', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(Buffer.compare(encodedValue(a), encodedValue(b)))).toBe(
          Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
      }),
    );
  });

  test('of types', () => {
    const raw = (type: number, bytes: string) => new RawValue(type, Buffer.from(bytes, 'hex'));
    const ascending: (Value | undefined)[] = [
      undefined,
      new Double(Number.NaN),
      new Double(-Infinity),
      -1,
      new Double(-0),
      2n ** 62n,
      new Double(Infinity),
      '',
      'a',
      new Map(),
      new Map([['a', 1]]),
      new Map<string, Value>([['a', 'x']]),
      [],
      [1],
      raw(bsonTypes.objectId, '000000000000000000000001'),
      false,
      true,
      new Date(-1),
      new Date(0),
      raw(bsonTypes.regex, '610000'),
    ];
    for (const [at, value] of ascending.slice(1).entries())
      expect([at, compareValues(ascending[at], value) < 0]).toEqual([at, true]);
    expect(equalValues(null, undefined)).toBe(true);
    expect(equalValues(0, new Double(-0))).toBe(true);
  });

  test('no key is a prefix of another', () => {
    fc.assert(
      fc.property(fc.oneof(text, number, fc.array(text)), fc.oneof(text, number, fc.array(text)), (a, b) => {
        const [x, y] = [encodedValue(a), encodedValue(b)];
        if (!x.equals(y)) expect(y.subarray(0, x.length).equals(x)).toBe(false);
      }),
    );
  });
});

test.each([
  'decimal',
  'binData',
  'timestamp',
  'date',
  'minKey',
  'maxKey',
  'symbol',
  'javascript',
  'undefined',
  'dbPointer',
] as const)('a value of the type %s is not compared, but refused', (name) => {
  const value = new RawValue(bsonTypes[name], Buffer.alloc(16));
  expect(() => encodedValue(value)).toThrow(`the type '${name}'`);
});
