import { Context } from 'mingo/core';
import * as accumulators from 'mingo/operators/accumulator';
import * as expressions from 'mingo/operators/expression';
import * as pipelines from 'mingo/operators/pipeline';
import * as projections from 'mingo/operators/projection';
import { $and, $nor, $not, $or } from 'mingo/operators/query/logical';
import * as windows from 'mingo/operators/window';
import type { Options } from 'mingo/types';
import * as comparison from './comparison-operators.ts';
import * as element from './element-operators.ts';
import { $expr } from './expr-operator.ts';
import { $sort } from './sort-stage.ts';

// These would write, run code, or reach outside of the documents: they are left out, so that mingo refuses them.
const { $out: _out, $merge: _merge, ...stages } = pipelines;
const { $function: _function, ...safeExpressions } = expressions;
const { $accumulator: _accumulator, ...safeAccumulators } = accumulators;

type Stages = NonNullable<NonNullable<Parameters<typeof Context.init>[0]>['pipeline']>;

/**
 * mingo's operators with our own comparisons. mingo compares JavaScript's values; a store must compare BSON's: Long
 * and Decimal128 as numbers, ObjectId and Binary by their bytes, text by UTF-8, types in MongoDB's order, null and
 * missing inside arrays.
 *
 * @param ownStages replace mingo's
 */
export function mingoContext(ownStages: Stages = {}): Context {
  return Context.init({
    accumulator: safeAccumulators,
    expression: safeExpressions,
    pipeline: { ...stages, $sort, ...ownStages },
    projection: projections,
    window: windows,
    query: { $and, $or, $nor, $not, $expr, ...comparison, ...element },
  });
}

export const mingoOptions: Partial<Options> = { context: mingoContext(), scriptEnabled: false };
