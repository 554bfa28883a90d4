import type { Document } from 'bson';
import { MaxKey, MinKey } from 'bson';
import type { Options } from 'mingo/types';
import { CommandError } from '../command-error.ts';
import { compareValues, equalValues } from '../values/compare-values.ts';
import { typeTagOf, typeTags, valueIdentity } from '../values/encode-value.ts';
import { fieldOf } from '../values/is-document.ts';
import { comparedValues } from '../values/path-values.ts';

/** Whether a document passes. */
export type Predicate = (document: Document) => boolean;
type Test = (value: unknown) => boolean;
/** A query operator as mingo calls it, when a filter is compiled. */
export type QueryOperator = (path: string, operand: unknown, options: Partial<Options>) => Predicate;

/** A predicate that passes when any value at the path does. */
function anyAt(path: string, test: Test): Predicate {
  if (!path.includes('.'))
    return (document) => {
      const value = fieldOf(document, path);
      return Array.isArray(value) ? value.some(test) || test(value) : test(value);
    };
  const parts = path.split('.');
  return (document) => comparedValues(document, parts).some(test);
}

function not(predicate: Predicate): Predicate {
  return (document) => !predicate(document);
}

function equals(operand: unknown): Test {
  if (operand instanceof RegExp) return (value) => matches(operand, value) || equalValues(value, operand);
  return (value) => equalValues(value ?? null, operand ?? null);
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

/** Only values of the operand's own type are compared, except with MinKey and MaxKey. */
function ordered(operand: unknown, passes: (order: number) => boolean): Test {
  if (operand instanceof RegExp) throw new CommandError('BadValue', "Can't have RegExp as arg to predicate");
  const acrossTypes = operand instanceof MinKey || operand instanceof MaxKey;
  const tag = typeTagOf(operand);
  const operandIsNaN = isNotANumber(operand, tag);
  return (value) => {
    if (acrossTypes) return passes(compareValues(value, operand));
    if (typeTagOf(value) !== tag) return false;
    // NaN equals NaN and is neither above nor below any number.
    if (tag === typeTags.number && operandIsNaN !== isNotANumber(value, tag)) return false;
    return passes(compareValues(value, operand));
  };
}

function isNotANumber(value: unknown, tag: number): boolean {
  return tag === typeTags.number && Number.isNaN(Number(value));
}

/** Membership by MongoDB's equality, in constant time however long the list is. */
function memberOf(operands: unknown): Test {
  if (!Array.isArray(operands)) throw new CommandError('BadValue', '$in needs an array');
  const patterns = operands.filter((operand) => operand instanceof RegExp);
  let identities: Set<string> | undefined;
  return (value) => {
    // When an index has answered it already, nobody asks.
    identities ??= new Set(operands.map((operand: unknown) => valueIdentity(operand ?? null)));
    return identities.has(valueIdentity(value ?? null)) || patterns.some((p) => matches(p, value));
  };
}

export const $eq: QueryOperator = (path, operand) => anyAt(path, equals(operand));
export const $ne: QueryOperator = (path, operand, options) => not($eq(path, operand, options));
export const $gt: QueryOperator = (path, operand) =>
  anyAt(
    path,
    ordered(operand, (order) => order > 0),
  );
export const $gte: QueryOperator = (path, operand) =>
  anyAt(
    path,
    ordered(operand, (order) => order >= 0),
  );
export const $lt: QueryOperator = (path, operand) =>
  anyAt(
    path,
    ordered(operand, (order) => order < 0),
  );
export const $lte: QueryOperator = (path, operand) =>
  anyAt(
    path,
    ordered(operand, (order) => order <= 0),
  );
export const $in: QueryOperator = (path, operand) => anyAt(path, memberOf(operand));
export const $nin: QueryOperator = (path, operand, options) => not($in(path, operand, options));

export const $regex: QueryOperator = (path, operand) => {
  if (!(operand instanceof RegExp)) throw new CommandError('BadValue', '$regex has to be a string');
  return anyAt(path, equals(operand));
};

export const $mod: QueryOperator = (path, operand) => {
  const [divisor, remainder] = Array.isArray(operand) ? operand.map(Number) : [];
  if (divisor === undefined || remainder === undefined || !Array.isArray(operand) || operand.length !== 2)
    throw new CommandError('BadValue', 'malformed mod, needs to be an array of two numbers');
  const [by, rest] = [Math.trunc(divisor), Math.trunc(remainder)];
  if (by === 0 || Number.isNaN(by)) throw new CommandError('BadValue', 'divisor cannot be 0');
  return anyAt(
    path,
    (value) => typeTagOf(value) === typeTags.number && Math.trunc(Number(value)) % by === rest,
  );
};
