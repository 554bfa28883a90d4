import { CommandError, unsupported } from '../command-error.ts';
import { Double, isNumeric, type Numeric, RawValue, toNumber, typeOf, type Value } from './value.ts';

/** Returns `undefined` for another type. @throws CommandError BadValue for a decimal */
export function numberOf(value: Value | undefined): Numeric | undefined {
  if (value instanceof RawValue && typeOf(value) === 'decimal')
    throw unsupported('calculating with Decimal128');
  return isNumeric(value) ? value : undefined;
}

/** @throws CommandError TypeMismatch, and BadValue for a decimal */
export function expectNumber(value: Value, name: string): Numeric {
  const number = numberOf(value);
  if (number === undefined) throw new CommandError('TypeMismatch', `${name} takes numbers only`);
  return number;
}

/** Whole numbers stay whole and grow to 64 bits; beyond them the sum is a double. */
export function add(a: Numeric, b: Numeric): Numeric {
  if (a instanceof Double || b instanceof Double) return new Double(toNumber(a) + toNumber(b));
  const sum = BigInt(a) + BigInt(b);
  if (typeof a === 'number' && typeof b === 'number' && BigInt.asIntN(32, sum) === sum) return Number(sum);
  return BigInt.asIntN(64, sum) === sum ? sum : new Double(toNumber(a) + toNumber(b));
}
