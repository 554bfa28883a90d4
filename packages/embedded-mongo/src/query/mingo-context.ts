import { Context } from 'mingo/core';
import { $and, $nor, $not, $or } from 'mingo/operators/query/logical';
import type { Options } from 'mingo/types';
import type { QueryOperator } from './comparison-operators.ts';
import * as comparison from './comparison-operators.ts';
import * as element from './element-operators.ts';
import { $exists, $type } from './element-operators.ts';
import { $expr } from './expr-operator.ts';

/**
 * mingo's way through a filter with our own comparisons. mingo compares JavaScript's values; a store must compare
 * BSON's: Long and Decimal128 as numbers, ObjectId and Binary by their bytes, text by UTF-8, types in MongoDB's order,
 * null and missing inside arrays.
 */
export const queryOperators = { $and, $or, $nor, $not, $expr, ...comparison, ...element };

const plainComparisons = new Set(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin']);

/** Those that look at one field and take no options: a filter of these alone needs no mingo. */
export const plainOperators: ReadonlyMap<string, QueryOperator> = new Map([
  ...Object.entries(comparison).filter(([name]) => plainComparisons.has(name)),
  ['$exists', $exists],
  ['$type', $type],
]);

/** mingo's options for filters. */
export const filterOptions: Partial<Options> = {
  context: Context.init({ query: queryOperators }),
  scriptEnabled: false,
};
