import { add, expectNumber } from '../bson/arithmetic.ts';
import { expectArray, expectDocument } from '../bson/expect-type.ts';
import { compareValues, equalValues } from '../bson/key.ts';
import {
  type Document,
  isDocument,
  isNumeric,
  type Numeric,
  toNumber,
  typeOf,
  type Value,
} from '../bson/value.ts';
import { badValue, unsupported } from '../command-error.ts';
import { isTrue } from '../query/operators.ts';

export type Scope = { root: Document; now: Date };

/** Returns `undefined` for a missing value. */
export type Expression = (scope: Scope) => Value | undefined;

export const variables: Record<string, Expression> = {
  $$NOW: ({ now }) => now,
  $$ROOT: ({ root }) => root,
};

/** @throws CommandError BadValue that names an unsupported operator */
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
      throw badValue(`'${field}' is not a valid field name in an expression`);
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
  if (first === '$' || parts.includes('')) throw badValue(`'${path}' is not a valid field path`);
  if (!first.startsWith('$$')) return ({ root }) => valueWithin(root.get(first.slice(1)), parts);
  const variable = variables[first];
  if (variable === undefined) throw unsupported(`the variable ${first}`);
  return (scope) => valueWithin(variable(scope), parts);
}

/** Through an array, a path reaches a field of each element that is a document. */
function valueWithin(value: Value | undefined, [name, ...rest]: readonly string[]): Value | undefined {
  if (name === undefined) return value;
  if (Array.isArray(value))
    return value.flatMap((item) => {
      const found = isDocument(item) || Array.isArray(item) ? valueWithin(item, [name, ...rest]) : undefined;
      return found === undefined ? [] : [found];
    });
  return isDocument(value) ? valueWithin(value.get(name), rest) : undefined;
}

function compileOperator(name: string, value: Document): Expression {
  const operator = expressionOperators[name];
  if (operator === undefined) throw unsupported(`the expression ${name}`);
  if (value.size !== 1) throw badValue('an expression has exactly one operator');
  return operator(value.get(name) ?? null, name);
}

type Operator = (operand: Value, name: string) => Expression;
type Values = readonly (Value | undefined)[];

const withValues =
  (apply: (values: Values, name: string) => Value | undefined, count?: number): Operator =>
  (operand, name) => {
    const operands = compileList(operand, name, count);
    return (scope) => {
      const values = operands.map((item) => item(scope));
      return apply(values, name);
    };
  };

function compileList(operand: Value, name: string, count?: number): Expression[] {
  const operands = Array.isArray(operand) ? operand : [operand];
  if (count !== undefined && operands.length !== count) throw badValue(`${name} takes ${count} arguments`);
  return operands.map(compileExpression);
}

const compared = (passes: (order: number) => boolean): Operator =>
  withValues(([a, b]) => passes(compareInOrder(a, b)), 2);

/** A missing value sorts before null. */
function compareInOrder(a: Value | undefined, b: Value | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined) || 0;
  return compareValues(a, b);
}

const isNullish = (value: Value | undefined): value is null | undefined =>
  value === null || value === undefined;

/** Reads values in turn, and stops at the first that is null or missing. */
function unlessNull<T>(values: Values, read: (value: Value) => T): T[] | null {
  const found: T[] = [];
  for (const value of values) {
    if (isNullish(value)) return null;
    found.push(read(value));
  }
  return found;
}

/** Returns the least (1) or greatest (-1) of the existing values. */
export function extremeOf(values: Values, sign: 1 | -1): Value {
  let best: Value | undefined;
  for (const value of values)
    if (!isNullish(value) && (best === undefined || compareValues(value, best) * sign < 0)) best = value;
  return best ?? null;
}

const listOf = (values: Values): Values =>
  values.length === 1 && Array.isArray(values[0]) ? values[0] : values;

function addToDate(date: Date, amounts: readonly Numeric[]): Date {
  const sum = new Date(
    date.getTime() + amounts.reduce((total: number, amount) => total + Math.round(toNumber(amount)), 0),
  );
  if (Number.isNaN(sum.getTime())) throw badValue('date overflow');
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
    const operands = compileList(operand, name);
    return (scope) => operands.every((item) => isTrue(item(scope)));
  },
  $or(operand, name) {
    const operands = compileList(operand, name);
    return (scope) => operands.some((item) => isTrue(item(scope)));
  },
  $not: withValues(([value]) => !isTrue(value), 1),
  $cond(operand, name) {
    const named = isDocument(operand);
    if (named && (operand.size !== 3 || !['if', 'then', 'else'].every((part) => operand.has(part))))
      throw badValue("$cond needs 'if', 'then' and 'else'");
    const parts = named ? ['if', 'then', 'else'].map((part) => operand.get(part) ?? null) : operand;
    const [condition, then, otherwise] = compileList(parts, name, 3);
    return (scope) => (isTrue(condition?.(scope)) ? then : otherwise)?.(scope);
  },
  $ifNull(operand, name) {
    const operands = compileList(operand, name);
    if (operands.length < 2) throw badValue('$ifNull needs at least two arguments');
    return (scope) => {
      let value: Value | undefined;
      for (const item of operands) {
        value = item(scope);
        if (!isNullish(value)) return value;
      }
      return value;
    };
  },
  $in: withValues(
    ([value, list], name) =>
      expectArray(list, name).some((item) => value !== undefined && equalValues(item, value)),
    2,
  ),
  $type: withValues(([value]) => (value === undefined ? 'missing' : typeOf(value)), 1),
  $add: withValues((values, name) => {
    const items = unlessNull(values, (value) => (value instanceof Date ? value : expectNumber(value, name)));
    if (items === null) return null;
    const amounts = items.filter(isNumeric);
    const [date, ...more] = items.filter((item) => item instanceof Date);
    if (more.length > 0) throw badValue('only one date allowed in an $add expression');
    return date === undefined ? amounts.reduce(add, 0) : addToDate(date, amounts);
  }),
  $max: withValues((values) => extremeOf(listOf(values), -1)),
  $min: withValues((values) => extremeOf(listOf(values), 1)),
  $concat: withValues((values, name) => {
    const texts = unlessNull(values, (value) => {
      if (typeof value !== 'string') throw badValue(`${name} only supports strings`);
      return value;
    });
    return texts?.join('') ?? null;
  }),
  $concatArrays: withValues(
    (values, name) => unlessNull(values, (value) => expectArray(value, name))?.flat() ?? null,
  ),
  $mergeObjects: withValues((values, name) => {
    const objects = listOf(values).filter((value) => !isNullish(value));
    return new Map(objects.flatMap((object) => [...expectDocument(object, name)]));
  }),
};
