import { Decimal128, Double, Int32, Long } from 'bson';

/** `digits` × 10^`exponent`, exactly. */
export type ExactNumber = { digits: bigint; exponent: number };

/** Any of BSON's numbers; `undefined` when the value is not a number. */
export function toNumeric(value: unknown): number | bigint | Decimal128 | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long) {
    const number = value.toNumber();
    return Number.isSafeInteger(number) ? number : value.toBigInt();
  }
  return value instanceof Decimal128 ? value : undefined;
}

/** @returns the exact value of a finite number */
export function exactOf(value: number | bigint | ExactNumber): ExactNumber {
  if (typeof value === 'object') return value;
  if (typeof value === 'bigint') return { digits: value, exponent: 0 };
  if (Number.isSafeInteger(value)) return { digits: BigInt(value), exponent: 0 };
  // A double is a fraction over a power of two, and 1/2^k is 5^k/10^k.
  let doublings = 0;
  let scaled = value;
  while (!Number.isInteger(scaled) && doublings < 1074) {
    scaled *= 2;
    doublings++;
  }
  return { digits: BigInt(scaled) * 5n ** BigInt(doublings), exponent: -doublings };
}

/** @returns the value of a decimal, or the double (an infinity or NaN) that stands for it */
export function decimalValue(decimal: Decimal128): ExactNumber | number {
  const text = decimal.toString();
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(text);
  if (parts === null) return Number(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  return { digits: BigInt(`${sign}${whole}${fraction}`), exponent: Number(exponent) - fraction.length };
}

/** @returns a − b */
export function subtractExact(a: ExactNumber, b: ExactNumber): ExactNumber {
  const exponent = Math.min(a.exponent, b.exponent);
  const scale = (number: ExactNumber) => number.digits * 10n ** BigInt(number.exponent - exponent);
  return { digits: scale(a) - scale(b), exponent };
}
