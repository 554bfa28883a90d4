import { add, multiply, numberOf } from '../bson/arithmetic.ts';
import { compareValues, equalValues } from '../bson/compare.ts';
import { Double, isDocument, isNumeric, isRegex, type Numeric, toNumber, type Value } from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import { compileElement } from '../query/filter.ts';
import { hasOperators, regexMatcher } from '../query/operators.ts';
import type { Change } from './set-at.ts';

/** Reads the operand for a path. */
type Operator = (operand: Value, path: string) => Change;

const extreme =
  (sign: 1 | -1): Operator =>
  (operand) =>
  (value) =>
    value === undefined || compareValues(operand, value) * sign > 0 ? operand : value;

function calculated(name: string, apply: (a: Numeric, b: Numeric) => Numeric): Operator {
  return (operand, path) => {
    const amount = numberOf(operand);
    if (amount === undefined)
      throw new CommandError(
        'TypeMismatch',
        `Cannot apply ${name} with a non-numeric argument: {${path}: …}`,
      );
    return (value) => {
      const current = value === undefined ? 0 : numberOf(value);
      if (current === undefined)
        throw new CommandError('TypeMismatch', `Cannot apply ${name} to the non-numeric value at '${path}'`);
      const result = apply(current, amount);
      if (result instanceof Double && !(current instanceof Double) && !(amount instanceof Double))
        throw new CommandError(
          'BadValue',
          `Failed to apply ${name} at '${path}': the result exceeds 64 bits`,
        );
      // A number that is the same stays the same value, also where an int and a long are equal.
      return value !== undefined && typeof result === typeof value && equalValues(result, value)
        ? value
        : result;
    };
  };
}

/** @see https://www.mongodb.com/docs/manual/reference/operator/update/ */
export const updateOperators: Record<string, Operator> = {
  $set: (operand) => () => operand,
  $setOnInsert: (operand) => () => operand,
  $unset: () => () => undefined,
  $inc: calculated('$inc', add),
  $mul: calculated('$mul', multiply),
  $min: extreme(-1),
  $max: extreme(1),
  $push(operand, path) {
    const { each, slice } = readModifiers(operand, '$push', ['$each', '$slice']);
    return (value) => {
      const array = [...arrayOf(value ?? [], '$push', path), ...each];
      if (slice === undefined) return array;
      return slice < 0 ? array.slice(slice) : array.slice(0, slice);
    };
  },
  $addToSet(operand, path) {
    const { each } = readModifiers(operand, '$addToSet', ['$each']);
    return (value) => {
      const array = [...arrayOf(value ?? [], '$addToSet', path)];
      for (const item of each) if (!array.some((other) => equalValues(other, item))) array.push(item);
      return Array.isArray(value) && array.length === value.length ? value : array;
    };
  },
  $pull(operand, path) {
    const test = pullTest(operand);
    return (value) => {
      if (value === undefined) return undefined;
      const array = arrayOf(value, '$pull', path);
      const left = array.filter((item) => !test(item));
      return left.length === array.length ? value : left;
    };
  },
};

function arrayOf(value: Value, name: string, path: string): Value[] {
  if (!Array.isArray(value))
    throw new CommandError('BadValue', `The field '${path}' must be an array for ${name} but is not`);
  return value;
}

/** An operand with `$each`, or one value that is to be added. */
function readModifiers(
  operand: Value,
  name: string,
  known: readonly string[],
): { each: Value[]; slice?: number } {
  if (!isDocument(operand) || !hasOperators(operand)) return { each: [operand] };
  const unknown = [...operand.keys()].find((modifier) => !known.includes(modifier));
  if (unknown !== undefined)
    throw new CommandError('BadValue', `embedded-mongo does not support ${unknown} in ${name}`);
  const each = operand.get('$each');
  if (!Array.isArray(each)) throw new CommandError('BadValue', 'The argument to $each must be an array');
  const slice = operand.get('$slice');
  if (slice === undefined) return { each };
  if (!isNumeric(slice) || !Number.isInteger(toNumber(slice)))
    throw new CommandError('BadValue', 'The value for $slice must be an integer');
  return { each, slice: toNumber(slice) };
}

/** `$pull` takes conditions on an element, conditions on an element's fields, or a value. */
function pullTest(operand: Value): (item: Value) => boolean {
  if (isRegex(operand)) return regexMatcher('', operand).matchesValue;
  if (!isDocument(operand)) return (item) => equalValues(item, operand);
  const test = compileElement(operand, '$pull');
  const ofFields = !hasOperators(operand) || ['$and', '$or', '$nor'].includes([...operand.keys()][0] ?? '');
  return ofFields ? (item) => isDocument(item) && test(item) : test;
}
