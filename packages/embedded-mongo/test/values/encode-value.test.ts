import { Decimal128, Double, Int32, Long } from 'bson';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareValues, equalValues } from '../../src/values/compare-values.ts';
import { encodedValue } from '../../src/values/encode-value.ts';

/** A number as a fraction, exactly: the slow model. */
type Fraction = { over: bigint; under: bigint };

function fractionOf(value: Int32 | Double | Long | Decimal128): Fraction {
  if (value instanceof Int32) return { over: BigInt(value.value), under: 1n };
  if (value instanceof Long) return { over: value.toBigInt(), under: 1n };
  const text = value instanceof Decimal128 ? value.toString() : exactDecimal(value.value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const power = Number(exponent) - fraction.length;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  return power >= 0
    ? { over: digits * 10n ** BigInt(power), under: 1n }
    : { over: digits, under: 10n ** BigInt(-power) };
}

/** Every digit of a double. */
function exactDecimal(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0 ? 0n : 1n << 52n);
  const power = (exponent === 0 ? 1 : exponent) - 1075;
  const sign = bits >> 63n === 1n ? '-' : '';
  if (power >= 0) return `${sign}${mantissa << BigInt(power)}`;
  return `${sign}${mantissa * 5n ** BigInt(-power)}e${power}`;
}

function compareFractions(a: Fraction, b: Fraction): number {
  const [x, y] = [a.over * b.under, b.over * a.under];
  return x < y ? -1 : x > y ? 1 : 0;
}

const near = fc.constantFrom(
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
);
const number = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map((value) => new Int32(value)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => new Double(value)),
  fc
    .constantFrom(0.1, -0, 1.5, 2 ** 53, -(2 ** 53), 5e-324, Number.MAX_VALUE)
    .map((value) => new Double(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  near.map((text) => Long.fromString(text)),
  near.map((text) => Decimal128.fromString(text)),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: -400, max: 400 }))
    .map(([digits, exponent]) => Decimal128.fromString(`${digits}E${exponent}`)),
  fc
    .constantFrom('0.1', '1.5', '1E+400', '-1E+400', '1E-400', '0')
    .map((text) => Decimal128.fromString(text)),
);

describe('numbers', () => {
  test('are ordered by their exact values, whatever their types', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const expected = compareFractions(fractionOf(a), fractionOf(b));
        expect(Math.sign(Buffer.compare(encodedValue(a), encodedValue(b)))).toBe(expected);
        expect(Math.sign(compareValues(a, b))).toBe(expected);
        expect(equalValues(a, b)).toBe(expected === 0);
      }),
      { numRuns: 3000 },
    );
  });

  test('infinities and NaN are at the ends', () => {
    const values = [Number.NaN, -Infinity, -Number.MAX_VALUE, 0, Number.MAX_VALUE, Infinity];
    const encoded = values.map((value) => encodedValue(new Double(value)));
    expect([...encoded].sort(Buffer.compare)).toEqual(encoded);
    expect(compareValues(Infinity, Infinity)).toBe(0);
    expect(compareValues(Decimal128.fromString('Infinity'), new Double(Infinity))).toBe(0);
    expect(compareValues(Decimal128.fromString('-1E+400'), new Double(-Infinity))).toBeGreaterThan(0);
  });
});

const character = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint));
const text = fc.string({ unit: character, maxLength: 6 });
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.constantFrom(null, true, false),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'ab'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

describe('any values', () => {
  test('text is ordered by its UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Buffer.compare(encodedValue(a), encodedValue(b))).toBe(expected);
      }),
    );
  });

  test('the bytes of one are never the beginning of the bytes of another', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        const [x, y] = [encodedValue(a), encodedValue(b)];
        if (!x.equals(y)) expect(y.subarray(0, x.length).equals(x)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
