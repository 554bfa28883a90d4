import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { Query } from 'mingo/query';
import type { Options } from 'mingo/types';
import { CommandError } from '../command-error.ts';
import { equalValues } from '../values/compare-values.ts';
import { isDocument } from '../values/is-document.ts';
import { comparedValues, valuesAt } from '../values/path-values.ts';
import type { Predicate, QueryOperator } from './comparison-operators.ts';

export const $exists: QueryOperator = (path, operand) => {
  const parts = path.split('.');
  const wanted = isTrue(operand);
  return (document) => valuesAt(document, parts).some((value) => value !== undefined) === wanted;
};

/** MongoDB's truth: everything but false, zero, null and what is missing. */
export function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return false;
  return value instanceof Int32 ||
    value instanceof Double ||
    value instanceof Long ||
    typeof value === 'number'
    ? Number(value) !== 0
    : true;
}

export const $size: QueryOperator = (path, operand) => {
  const size = Number(operand);
  if (!Number.isInteger(size) || size < 0 || typeof operand === 'string')
    throw new CommandError('BadValue', 'Failed to parse $size. Expected a non-negative integer');
  const parts = path.split('.');
  return (document) =>
    valuesAt(document, parts).some((value) => Array.isArray(value) && value.length === size);
};

export const $all: QueryOperator = (path, operand, options) => {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', '$all needs an array');
  const parts = path.split('.');
  const tests = operand.map((wanted: unknown): Predicate => {
    if (isDocument(wanted) && Object.keys(wanted)[0] === '$elemMatch')
      return $elemMatch(path, wanted.$elemMatch, options);
    if (wanted instanceof RegExp)
      return (document) =>
        comparedValues(document, parts).some((v) => typeof v === 'string' && wanted.test(v));
    return (document) =>
      comparedValues(document, parts).some((value) => equalValues(value ?? null, wanted ?? null));
  });
  return (document) => tests.length > 0 && tests.every((test) => test(document));
};

export const $elemMatch: QueryOperator = (path, operand, options) => {
  if (!isDocument(operand)) throw new CommandError('BadValue', '$elemMatch needs an Object');
  const test = elementTest(operand, options);
  const parts = path.split('.');
  return (document) => valuesAt(document, parts).some((value) => Array.isArray(value) && value.some(test));
};

const logical = new Set(['$and', '$or', '$nor', '$expr']);

/** Conditions on an array's element: on its fields, or (`{ $gt: 1 }`) on the element itself. */
export function elementTest(criteria: Document, options: Partial<Options>): (element: unknown) => boolean {
  const [first] = Object.keys(criteria);
  if (first?.startsWith('$') && !logical.has(first)) {
    const query = new Query({ element: criteria }, options);
    return (element) => query.test({ element });
  }
  const query = new Query(criteria, options);
  return (element) => (isDocument(element) || Array.isArray(element)) && query.test(toFields(element));
}

/** An array's elements as fields, by number. */
function toFields(element: Document | unknown[]): Document {
  return Array.isArray(element) ? { ...element } : element;
}

const isNumber = (value: unknown) =>
  typeof value === 'number' ||
  value instanceof Double ||
  value instanceof Int32 ||
  value instanceof Long ||
  value instanceof Decimal128;

const isInt32 = (value: unknown) =>
  value instanceof Int32 ||
  (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 31);

/** @see https://www.mongodb.com/docs/manual/reference/operator/query/type/ */
const typeTests: Record<string, { number: number; test: (value: unknown) => boolean }> = {
  double: { number: 1, test: (v) => v instanceof Double || (typeof v === 'number' && !isInt32(v)) },
  string: { number: 2, test: (v) => typeof v === 'string' },
  object: { number: 3, test: isDocument },
  array: { number: 4, test: Array.isArray },
  binData: { number: 5, test: (v) => v instanceof Binary },
  objectId: { number: 7, test: (v) => v instanceof ObjectId },
  bool: { number: 8, test: (v) => typeof v === 'boolean' },
  date: { number: 9, test: (v) => v instanceof Date },
  null: { number: 10, test: (v) => v === null },
  regex: { number: 11, test: (v) => v instanceof BSONRegExp },
  javascript: { number: 13, test: (v) => v instanceof Code },
  symbol: { number: 14, test: (v) => v instanceof BSONSymbol },
  int: { number: 16, test: isInt32 },
  timestamp: { number: 17, test: (v) => v instanceof Timestamp },
  long: { number: 18, test: (v) => v instanceof Long && !(v instanceof Timestamp) },
  decimal: { number: 19, test: (v) => v instanceof Decimal128 },
  minKey: { number: -1, test: (v) => v instanceof MinKey },
  maxKey: { number: 127, test: (v) => v instanceof MaxKey },
  number: { number: Number.NaN, test: isNumber },
};

export const $type: QueryOperator = (path, operand) => {
  const tests = (Array.isArray(operand) ? operand : [operand]).map((type: unknown) => {
    const found =
      typeof type === 'string'
        ? typeTests[type]
        : Object.values(typeTests).find(({ number }) => number === Number(type));
    if (found === undefined) throw new CommandError('BadValue', `Unknown type name alias: ${String(type)}`);
    return found.test;
  });
  const parts = path.split('.');
  return (document) => comparedValues(document, parts).some((value) => tests.some((test) => test(value)));
};
