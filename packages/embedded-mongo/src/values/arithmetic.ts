import { Decimal128, Double, Int32, Long } from 'bson';
import { CommandError } from '../command-error.ts';
import { toNumeric } from './exact-number.ts';

export type Arithmetic = '$inc' | '$mul';
type BsonNumber = Int32 | Long | Double;

/**
 * Adds or multiplies as MongoDB does: whole numbers stay whole, and grow from 32 to 64 bits when they have to; a
 * double makes the result a double.
 *
 * @throws CommandError TypeMismatch for what is no number, BadValue beyond 64 bits, CommandNotSupported for decimals
 */
export function calculate(
  operator: Arithmetic,
  current: unknown,
  operand: unknown,
  path: string,
): BsonNumber {
  const b = toBsonNumber(operand);
  if (b === undefined)
    throw new CommandError(
      'TypeMismatch',
      `Cannot ${operator === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${path}: …}`,
    );
  const a = current === undefined ? new Int32(0) : toBsonNumber(current);
  if (a === undefined)
    throw new CommandError(
      'TypeMismatch',
      `Cannot apply ${operator} to a value of non-numeric type at the field '${path}'`,
    );
  if (a instanceof Double || b instanceof Double) {
    const [x, y] = [asDouble(a), asDouble(b)];
    return new Double(operator === '$inc' ? x + y : x * y);
  }
  const [x, y] = [asBigInt(a), asBigInt(b)];
  const result = operator === '$inc' ? x + y : x * y;
  if (BigInt.asIntN(64, result) !== result)
    throw new CommandError('BadValue', `Failed to apply ${operator} operations to current value: overflow`);
  const fits = BigInt.asIntN(32, result) === result && a instanceof Int32 && b instanceof Int32;
  return fits ? new Int32(Number(result)) : Long.fromBigInt(result);
}

function toBsonNumber(value: unknown): BsonNumber | undefined {
  if (value instanceof Int32 || value instanceof Double) return value;
  if (value instanceof Decimal128)
    throw new CommandError('CommandNotSupported', 'the embedded store does not calculate with Decimal128');
  if (value instanceof Long) return value;
  const number = toNumeric(value);
  if (typeof number !== 'number') return undefined;
  return Number.isInteger(number) && Math.abs(number) < 2 ** 31 ? new Int32(number) : new Double(number);
}

const asDouble = (value: BsonNumber) => (value instanceof Long ? value.toNumber() : value.value);
const asBigInt = (value: Int32 | Long) => (value instanceof Long ? value.toBigInt() : BigInt(value.value));

/** `$bit`. @throws CommandError BadValue when either is not a whole number */
export function calculateBits(operator: string, current: unknown, operand: unknown): Int32 | Long {
  const [a, b] = [current === undefined ? new Int32(0) : toBsonNumber(current), toBsonNumber(operand)];
  if (a === undefined || b === undefined || a instanceof Double || b instanceof Double)
    throw new CommandError('BadValue', 'The $bit modifier field must be an Integer(32/64 bit)');
  const [x, y] = [asBigInt(a), asBigInt(b)];
  const results: Record<string, bigint> = { and: x & y, or: x | y, xor: x ^ y };
  const result = results[operator];
  if (result === undefined)
    throw new CommandError(
      'BadValue',
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${operator}'`,
    );
  return a instanceof Int32 && b instanceof Int32 ? new Int32(Number(result)) : Long.fromBigInt(result);
}
