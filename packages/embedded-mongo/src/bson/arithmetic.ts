import { CommandError } from '../command-error.ts';
import { Double, isNumeric, type Numeric, RawValue, toNumber, typeOf, type Value } from './value.ts';

/** The number that a value is; `undefined` for another type. @throws CommandError BadValue for a decimal */
export function numberOf(value: Value | undefined): Numeric | undefined {
  if (value instanceof RawValue && typeOf(value) === 'decimal')
    throw new CommandError('BadValue', 'embedded-mongo does not calculate with Decimal128');
  return isNumeric(value) ? value : undefined;
}

/** Whole numbers stay whole and grow to 64 bits; beyond them the result is a double. */
function calculate(
  a: Numeric,
  b: Numeric,
  whole: (x: bigint, y: bigint) => bigint,
  float: (x: number, y: number) => number,
): Numeric {
  if (a instanceof Double || b instanceof Double) return new Double(float(toNumber(a), toNumber(b)));
  const result = whole(BigInt(a), BigInt(b));
  if (typeof a === 'number' && typeof b === 'number' && BigInt.asIntN(32, result) === result)
    return Number(result);
  return BigInt.asIntN(64, result) === result ? result : new Double(float(toNumber(a), toNumber(b)));
}

export const add = (a: Numeric, b: Numeric): Numeric =>
  calculate(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
export const subtract = (a: Numeric, b: Numeric): Numeric =>
  calculate(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x - y,
  );
export const multiply = (a: Numeric, b: Numeric): Numeric =>
  calculate(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
  );
