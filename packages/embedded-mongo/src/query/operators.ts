import { compareValues, equalValues } from '../bson/compare.ts';
import { orderOf, valueIdentity } from '../bson/key.ts';
import { comparedValues, valuesAt } from '../bson/paths.ts';
import {
  bsonTypes,
  type Document,
  Double,
  isDocument,
  isNumeric,
  isRegex,
  RawValue,
  toNumber,
  typeOf,
  type Value,
} from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import { toRegExp } from './regex.ts';

type Test = (value: Value | undefined) => boolean;

/** A condition on a path of a document, which can also be asked of one value: an element of an array. */
export type Matcher = { matches(document: Document): boolean; matchesValue(value: Value): boolean };

type Kind = {
  /** Looks at an array as one value, not at its elements too. */
  whole?: boolean;
  /** Passes when no value does. */
  negated?: boolean;
};

/** Passes when any value at the path does. */
export function matcher(path: string, test: Test, { whole = false, negated = false }: Kind = {}): Matcher {
  const parts = path.split('.');
  const read = whole ? valuesAt : comparedValues;
  return {
    matches: (document) => read(document, parts).some(test) !== negated,
    matchesValue: (value) => test(value) !== negated,
  };
}

type Operator = (path: string, operand: Value) => Matcher;

const order =
  (passes: (order: number) => boolean): Operator =>
  (path, operand) =>
    matcher(path, ordered(operand, passes));

/** The operators that compare a field with an operand. `$not`, `$elemMatch` and `$options` are read by the filter. */
export const comparisonOperators: Record<string, Operator> = {
  $eq: (path, operand) => matcher(path, equals(operand)),
  $ne: (path, operand) => matcher(path, equals(notRegex(operand, '$ne')), { negated: true }),
  $gt: order((result) => result > 0),
  $gte: order((result) => result >= 0),
  $lt: order((result) => result < 0),
  $lte: order((result) => result <= 0),
  $in: (path, operand) => matcher(path, memberOf(operand, '$in')),
  $nin: (path, operand) => matcher(path, memberOf(operand, '$nin'), { negated: true }),
  $exists: (path, operand) =>
    matcher(path, (value) => value !== undefined, { whole: true, negated: !isTrue(operand) }),
  $type: (path, operand) => matcher(path, hasType(operand)),
};

/** A pattern as a condition: texts that it finds, and the same pattern as a value. */
export function regexMatcher(path: string, pattern: Value, options?: Value): Matcher {
  return matcher(path, matchesPattern(pattern, options));
}

function matchesPattern(pattern: Value, options?: Value): Test {
  const regExp = toRegExp(pattern, options);
  return (value) =>
    typeof value === 'string' ? regExp.test(value) : isRegex(value) && equalValues(value, pattern);
}

/** MongoDB's truth: everything but false, zero, null and what is missing. */
export function isTrue(value: Value | undefined): boolean {
  if (value === null || value === undefined || value === false) return false;
  return isNumeric(value) ? toNumber(value) !== 0 : true;
}

function equals(operand: Value): Test {
  return (value) => equalValues(value, operand);
}

function notRegex(operand: Value, name: string): Value {
  if (isRegex(operand)) throw new CommandError('BadValue', `Can't have regex as arg to ${name}.`);
  return operand;
}

const isNaNValue = (value: Value | undefined) => value instanceof Double && Number.isNaN(value.value);

/** Only values of the operand's own type are compared, except with MinKey and MaxKey. */
function ordered(operand: Value, passes: (order: number) => boolean): Test {
  notRegex(operand, 'a range');
  const acrossTypes =
    operand instanceof RawValue && (operand.type === bsonTypes.minKey || operand.type === bsonTypes.maxKey);
  const type = orderOf(operand);
  const operandIsNaN = isNaNValue(operand);
  return (value) => {
    if (!acrossTypes && orderOf(value) !== type) return false;
    // NaN equals NaN and is neither above nor below any number.
    if (isNaNValue(value) !== operandIsNaN && !acrossTypes) return false;
    return passes(compareValues(value, operand));
  };
}

function memberOf(operands: Value, name: string): Test {
  if (!Array.isArray(operands)) throw new CommandError('BadValue', `${name} needs an array`);
  if (operands.some((operand) => isDocument(operand) && hasOperators(operand)))
    throw new CommandError('BadValue', `cannot nest $ under ${name}`);
  const patterns = operands.filter(isRegex).map((pattern) => matchesPattern(pattern));
  const types = new Set(operands.map(orderOf));
  let identities: Set<string> | undefined;
  return (value) => {
    if (patterns.some((test) => test(value))) return true;
    if (!types.has(orderOf(value))) return false;
    identities ??= new Set(operands.map(valueIdentity));
    return identities.has(valueIdentity(value));
  };
}

/** Whether a document is conditions (`{ $gt: 1 }`), not a value. */
export function hasOperators(document: Document): boolean {
  const [name] = document.keys();
  return name?.startsWith('$') === true;
}

function hasType(operand: Value): Test {
  const types = new Set((Array.isArray(operand) ? operand : [operand]).flatMap(readType));
  if (types.size === 0) throw new CommandError('FailedToParse', '$type must match at least one type');
  return (value) => value !== undefined && types.has(bsonTypes[typeOf(value)]);
}

const typesByName = new Map<string, number>(Object.entries(bsonTypes));

function readType(value: Value): number[] {
  if (value === 'number') return [bsonTypes.int, bsonTypes.long, bsonTypes.double, bsonTypes.decimal];
  const type =
    typeof value === 'string' ? typesByName.get(value) : isNumeric(value) && toNumber(value) & 0xff;
  if (typeof type !== 'number' || !Object.values<number>(bsonTypes).includes(type))
    throw new CommandError('BadValue', `Unknown type name alias: ${String(value)}`);
  return [type];
}
