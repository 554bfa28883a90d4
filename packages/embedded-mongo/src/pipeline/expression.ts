import { add, multiply, numberOf, subtract } from '../bson/arithmetic.ts';
import { compareValues, equalValues } from '../bson/compare.ts';
import {
  type Document,
  isDocument,
  isNumeric,
  type Numeric,
  toNumber,
  typeOf,
  type Value,
} from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import { isTrue } from '../query/operators.ts';

/** What an expression may read. */
export type Scope = { root: Document; now: Date };

/** Computes a value; `undefined` stands for a missing one. */
export type Expression = (scope: Scope) => Value | undefined;

export const variables: Record<string, Expression> = {
  $$NOW: ({ now }) => now,
  $$ROOT: ({ root }) => root,
  $$REMOVE: () => undefined,
};

/** Reads an expression. @throws CommandError BadValue that names an operator which is not supported */
export function compileExpression(value: Value): Expression {
  if (typeof value === 'string' && value.startsWith('$')) return compilePath(value);
  if (Array.isArray(value)) {
    const items = value.map(compileExpression);
    return (scope) => items.map((item) => item(scope) ?? null);
  }
  if (!isDocument(value)) return () => value;
  const [name = ''] = value.keys();
  if (name.startsWith('$')) return compileOperator(name, value);
  const fields = [...value].map(([field, item]): [string, Expression] => {
    if (field === '' || field.startsWith('$') || field.includes('.'))
      throw new CommandError('BadValue', `'${field}' is not a valid field name in an expression`);
    return [field, compileExpression(item)];
  });
  return (scope) => {
    const result: Document = new Map();
    for (const [field, item] of fields) {
      const computed = item(scope);
      if (computed !== undefined) result.set(field, computed);
    }
    return result;
  };
}

function compilePath(path: string): Expression {
  const [first = '', ...parts] = path.split('.');
  if (first === '$' || parts.includes(''))
    throw new CommandError('BadValue', `'${path}' is not a valid field path`);
  if (!first.startsWith('$$')) return ({ root }) => scheduleNext(root.get(first.slice(1)), parts);
  const variable = variables[first];
  if (variable === undefined)
    throw new CommandError('BadValue', `Use of undefined variable: ${first.slice(2)}`);
  return (scope) => scheduleNext(variable(scope), parts);
}

/** Through an array a path reaches a field of each element that is a document. */
function scheduleNext(value: Value | undefined, [name, ...rest]: readonly string[]): Value | undefined {
  if (name === undefined) return value;
  if (Array.isArray(value))
    return value.flatMap((item) => {
      const found = isDocument(item) || Array.isArray(item) ? scheduleNext(item, [name, ...rest]) : undefined;
      return found === undefined ? [] : [found];
    });
  return isDocument(value) ? scheduleNext(value.get(name), rest) : undefined;
}

function compileOperator(name: string, value: Document): Expression {
  const operator = expressionOperators[name];
  if (operator === undefined)
    throw new CommandError(
      'BadValue',
      `Unrecognized expression '${name}': embedded-mongo does not support it`,
    );
  if (value.size !== 1) throw new CommandError('BadValue', 'an expression has exactly one operator');
  return operator(value.get(name) ?? null, name);
}

type Operator = (operand: Value, name: string) => Expression;
type Values = readonly (Value | undefined)[];

/** An operator of a number of arguments, all of which are computed. */
const withValues =
  (
    min: number,
    max: number,
    apply: (values: Values, name: string, scope: Scope) => Value | undefined,
  ): Operator =>
  (operand, name) => {
    const operands = compileList(operand, min, max, name);
    return (scope) =>
      apply(
        operands.map((item) => item(scope)),
        name,
        scope,
      );
  };

function compileList(operand: Value, min: number, max: number, name: string): Expression[] {
  const operands = Array.isArray(operand) ? operand : [operand];
  if (operands.length < min || operands.length > max)
    throw new CommandError(
      'BadValue',
      `Expression ${name} takes ${min === max ? min : `${min} to ${max}`} arguments`,
    );
  return operands.map(compileExpression);
}

const compared = (passes: (order: number) => boolean): Operator =>
  withValues(2, 2, ([a, b]) => passes(compareInOrder(a, b)));

/** A missing value comes before null. */
function compareInOrder(a: Value | undefined, b: Value | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined) || 0;
  return compareValues(a, b);
}

const isNullish = (value: Value | undefined): value is null | undefined =>
  value === null || value === undefined;

/** Reads values one after the other; nothing after the first that is null or missing is looked at. */
function unlessNull<T>(values: Values, read: (value: Value) => T): T[] | null {
  const found: T[] = [];
  for (const value of values) {
    if (isNullish(value)) return null;
    found.push(read(value));
  }
  return found;
}

function numberFor(value: Value, name: string): Numeric {
  const number = numberOf(value);
  if (number === undefined) throw new CommandError('TypeMismatch', `${name} only supports numeric types`);
  return number;
}

function textFor(value: Value): string {
  if (typeof value !== 'string') throw new CommandError('BadValue', '$concat only supports strings');
  return value;
}

function arrayOf(value: Value | undefined, name: string): Value[] {
  if (!Array.isArray(value)) throw new CommandError('BadValue', `${name} needs an array`);
  return value;
}

/** The least (1) or greatest (-1) of the values that are there. */
export function extremeOf(values: Values, sign: 1 | -1): Value {
  let best: Value | undefined;
  for (const value of values)
    if (!isNullish(value) && (best === undefined || compareValues(value, best) * sign < 0)) best = value;
  return best ?? null;
}

const extreme =
  (sign: 1 | -1): Operator =>
  (operand, name) => {
    const operands = compileList(operand, 0, Infinity, name);
    return (scope) => {
      const values = operands.map((item) => item(scope));
      const [only] = values;
      return extremeOf(values.length === 1 && Array.isArray(only) ? only : values, sign);
    };
  };

const elementAt = (position: 0 | -1): Operator =>
  withValues(1, 1, ([value], name) => (isNullish(value) ? null : arrayOf(value, name).at(position)));

/** Adds numbers to a date: milliseconds. */
function addToDate(date: Date, amounts: readonly Numeric[]): Date {
  const sum = new Date(
    date.getTime() + amounts.reduce((total: number, amount) => total + Math.round(toNumber(amount)), 0),
  );
  if (Number.isNaN(sum.getTime())) throw new CommandError('BadValue', 'date overflow');
  return sum;
}

/** @see https://www.mongodb.com/docs/manual/reference/operator/aggregation/ */
export const expressionOperators: Record<string, Operator> = {
  $literal: (operand) => () => operand,
  $eq: compared((order) => order === 0),
  $ne: compared((order) => order !== 0),
  $gt: compared((order) => order > 0),
  $gte: compared((order) => order >= 0),
  $lt: compared((order) => order < 0),
  $lte: compared((order) => order <= 0),
  $and(operand, name) {
    const operands = compileList(operand, 0, Infinity, name);
    return (scope) => operands.every((item) => isTrue(item(scope)));
  },
  $or(operand, name) {
    const operands = compileList(operand, 0, Infinity, name);
    return (scope) => operands.some((item) => isTrue(item(scope)));
  },
  $not: withValues(1, 1, ([value]) => !isTrue(value)),
  $cond(operand, name) {
    const named = isDocument(operand);
    if (named && (operand.size !== 3 || !['if', 'then', 'else'].every((part) => operand.has(part))))
      throw new CommandError('BadValue', "$cond needs 'if', 'then' and 'else'");
    const parts = named ? ['if', 'then', 'else'].map((part) => operand.get(part) ?? null) : operand;
    const [condition, then, otherwise] = compileList(parts, 3, 3, name);
    return (scope) => (isTrue(condition?.(scope)) ? then : otherwise)?.(scope);
  },
  $ifNull(operand, name) {
    const operands = compileList(operand, 2, Infinity, name);
    return (scope) => {
      let value: Value | undefined;
      for (const item of operands) {
        value = item(scope);
        if (!isNullish(value)) return value;
      }
      return value;
    };
  },
  $in: withValues(2, 2, ([value, list], name) =>
    arrayOf(list, name).some((item) => value !== undefined && equalValues(item, value)),
  ),
  $type: withValues(1, 1, ([value]) => (value === undefined ? 'missing' : typeOf(value))),
  $add: withValues(0, Infinity, (values, name) => {
    const items = unlessNull(values, (value) => (value instanceof Date ? value : numberFor(value, name)));
    if (items === null) return null;
    const amounts = items.filter(isNumeric);
    const [date, ...more] = items.filter((item) => item instanceof Date);
    if (more.length > 0) throw new CommandError('BadValue', 'only one date allowed in an $add expression');
    return date === undefined ? amounts.reduce(add, 0) : addToDate(date, amounts);
  }),
  $subtract: withValues(2, 2, ([a, b], name) => {
    if (isNullish(a) || isNullish(b)) return null;
    if (!(a instanceof Date)) return subtract(numberFor(a, name), numberFor(b, name));
    if (b instanceof Date) return BigInt(a.getTime() - b.getTime());
    return addToDate(a, [multiply(numberFor(b, name), -1)]);
  }),
  $multiply: withValues(
    0,
    Infinity,
    (values, name) => unlessNull(values, (value) => numberFor(value, name))?.reduce(multiply, 1) ?? null,
  ),
  $max: extreme(-1),
  $min: extreme(1),
  $first: elementAt(0),
  $last: elementAt(-1),
  $size: withValues(1, 1, ([value], name) => arrayOf(value, name).length),
  $concat: withValues(0, Infinity, (values) => unlessNull(values, textFor)?.join('') ?? null),
  $concatArrays: withValues(
    0,
    Infinity,
    (values, name) => unlessNull(values, (value) => arrayOf(value, name))?.flat() ?? null,
  ),
  $mergeObjects: withValues(0, Infinity, (values) => {
    const [only] = values;
    const objects = (values.length === 1 && Array.isArray(only) ? only : values).filter(
      (value) => !isNullish(value),
    );
    if (!objects.every(isDocument))
      throw new CommandError('BadValue', '$mergeObjects requires object inputs');
    return new Map(objects.flatMap((object) => [...object]));
  }),
};
