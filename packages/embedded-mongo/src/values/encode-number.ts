import type { Decimal128 } from 'bson';
import { decimalValue, type ExactNumber, exactOf, subtractExact } from './exact-number.ts';
import type { KeyWriter } from './key-writer.ts';

/** Beyond every double and every decimal: the base of the decimals below all doubles. */
const lowest: ExactNumber = { digits: -1n, exponent: 7000 };

/**
 * Writes any BSON number so that equal values give equal bytes whatever their type, and the order of the bytes is the
 * order of the values: the greatest double that is not above the value, then what is left over.
 */
export function encodeNumber(writer: KeyWriter, value: number | bigint | Decimal128): void {
  const number = typeof value === 'object' ? decimalValue(value) : value;
  if (typeof number === 'number') {
    writer.double(number);
    writer.byte(0);
    return;
  }
  const exact = exactOf(number);
  const floor = floorDouble(exact);
  writer.double(floor);
  const rest = subtractExact(exact, floor === -Infinity ? lowest : exactOf(floor));
  if (rest.digits === 0n) writer.byte(0);
  else encodeRest(writer, rest);
}

/** The greatest double that is not above the value. */
function floorDouble(value: ExactNumber): number {
  const nearest = Number(`${value.digits}e${value.exponent}`);
  if (nearest === Infinity) return Number.MAX_VALUE;
  if (nearest === -Infinity) return -Infinity;
  return subtractExact(value, exactOf(nearest)).digits < 0n ? nextDown(nearest) : nearest;
}

const view = new DataView(new ArrayBuffer(8));

function nextDown(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return view.getFloat64(0);
}

/** A positive number as its power of ten, then its digits. */
function encodeRest(writer: KeyWriter, { digits, exponent }: ExactNumber): void {
  const text = digits.toString();
  writer.byte(1);
  writer.uint32(2 ** 31 + exponent + text.length);
  writer.text(text.replace(/0+$/, ''));
}
