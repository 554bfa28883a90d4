import { expectArray } from '../bson/expect-type.ts';
import { compareValues, encodedValue, equalValues, orderOf, valueIdentity } from '../bson/key.ts';
import {
  bsonTypes,
  type Document,
  Double,
  isDocument,
  isNumeric,
  isRegex,
  toNumber,
  typeOf,
  type Value,
} from '../bson/value.ts';
import { badValue, CommandError, unsupported } from '../command-error.ts';
import { toRegExp } from './regex.ts';

/** Values at a path, and the same with the elements of arrays; or one element of an array. */
type Found = { values: readonly (Value | undefined)[]; elements: readonly (Value | undefined)[] };

export type Test = (found: Found) => boolean;

type ValueTest = (value: Value | undefined) => boolean;

const any =
  (test: ValueTest): Test =>
  ({ elements }) =>
    elements.some(test);

export const negated =
  (test: Test): Test =>
  (found) =>
    !test(found);

/** The filter handles `$not`, `$elemMatch` and `$options`. */
export const comparisonOperators: Record<string, (operand: Value) => Test> = {
  $eq: equals,
  $ne: (operand) => negated(equals(notRegex(operand))),
  $gt: (operand) => any(ordered(operand, (order) => order > 0)),
  $gte: (operand) => any(ordered(operand, (order) => order >= 0)),
  $lt: (operand) => any(ordered(operand, (order) => order < 0)),
  $lte: (operand) => any(ordered(operand, (order) => order <= 0)),
  $in: (operand) => any(memberOf(expectArray(operand, '$in'))),
  $nin: (operand) => negated(any(memberOf(expectArray(operand, '$nin')))),
  $exists:
    (operand) =>
    ({ values }) =>
      values.some((value) => value !== undefined) === isTrue(operand),
  $type: (operand) => any(hasType(operand)),
};

function equals(operand: Value): Test {
  return any((value) => equalValues(value, operand));
}

/** Passes matching texts, and the same pattern as a value. */
export const matchesPattern = (pattern: Value, options?: Value): Test => any(patternTest(pattern, options));

function patternTest(pattern: Value, options?: Value): ValueTest {
  const regExp = toRegExp(pattern, options);
  return (value) =>
    typeof value === 'string' ? regExp.test(value) : isRegex(value) && equalValues(value, pattern);
}

/** Everything is true but false, zero, null and missing. */
export function isTrue(value: Value | undefined): boolean {
  if (value === null || value === undefined || value === false) return false;
  return isNumeric(value) ? toNumber(value) !== 0 : true;
}

function notRegex(operand: Value): Value {
  if (isRegex(operand)) throw badValue('$ne and ranges take no regex');
  return operand;
}

export const isNaNValue = (value: Value | undefined) => value instanceof Double && Number.isNaN(value.value);

/** Only values of the operand's own type are compared. */
function ordered(operand: Value, passes: (order: number) => boolean): ValueTest {
  const type = orderOf(notRegex(operand));
  // This refuses what cannot be compared, even where nothing of its type is found.
  encodedValue(operand);
  const operandIsNaN = isNaNValue(operand);
  // NaN equals NaN and is neither above nor below any number.
  return (value) =>
    orderOf(value) === type && isNaNValue(value) === operandIsNaN && passes(compareValues(value, operand));
}

/** Looks values up, since there may be thousands of operands. */
function memberOf(operands: readonly Value[]): ValueTest {
  if (operands.some((operand) => isDocument(operand) && hasOperators(operand)))
    throw badValue('cannot nest $ under $in or $nin');
  const patterns = operands.filter(isRegex).map((pattern) => patternTest(pattern));
  const types = new Set(operands.map(orderOf));
  let identities: Set<string> | undefined;
  return (value) => {
    if (patterns.some((test) => test(value))) return true;
    if (!types.has(orderOf(value))) return false;
    identities ??= new Set(operands.map(valueIdentity));
    return identities.has(valueIdentity(value));
  };
}

export function hasOperators(document: Document): boolean {
  const [name] = document.keys();
  return name?.startsWith('$') === true;
}

function hasType(operand: Value): ValueTest {
  const types = new Set((Array.isArray(operand) ? operand : [operand]).flatMap(readType));
  if (types.size === 0) throw new CommandError('FailedToParse', '$type must match at least one type');
  return (value) => value !== undefined && types.has(bsonTypes[typeOf(value)]);
}

const typesByName = new Map<string, number>(Object.entries(bsonTypes));

function readType(name: Value): number[] {
  if (name === 'number') return [bsonTypes.int, bsonTypes.long, bsonTypes.double, bsonTypes.decimal];
  const type = typesByName.get(String(name));
  if (type === undefined) throw unsupported(`$type: ${String(name)}`);
  return [type];
}
