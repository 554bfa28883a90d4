import { createRequire } from 'node:module';
import { Context, ProcessingMode } from 'mingo/core';
import type { Options } from 'mingo/types';
import { extremes } from './extremes.ts';
import { queryOperators } from './mingo-context.ts';
import { $sort } from './sort-stage.ts';

type Operators = NonNullable<Parameters<typeof Context.init>[0]>;
type Stages = NonNullable<Operators['pipeline']>;

let loaded: Operators | undefined;

/**
 * mingo's two hundred files of expressions, accumulators and stages. They are loaded when the first pipeline comes,
 * at once: most starts of the store need none of them, and would wait a tenth of a second.
 */
function mingoOperators(): Operators {
  if (loaded !== undefined) return loaded;
  const load = createRequire(import.meta.url);
  const accumulators: typeof import('mingo/operators/accumulator') = load('mingo/operators/accumulator');
  const expressions: typeof import('mingo/operators/expression') = load('mingo/operators/expression');
  const pipelines: typeof import('mingo/operators/pipeline') = load('mingo/operators/pipeline');
  const projections: typeof import('mingo/operators/projection') = load('mingo/operators/projection');
  const windows: typeof import('mingo/operators/window') = load('mingo/operators/window');
  // These would write, or run code: they are left out, so that mingo refuses them.
  const { $out: _out, $merge: _merge, ...stages } = pipelines;
  const { $function: _function, ...safeExpressions } = expressions;
  const { $accumulator: _accumulator, ...safeAccumulators } = accumulators;
  loaded = {
    accumulator: { ...safeAccumulators, ...extremes(safeAccumulators.$push) },
    expression: safeExpressions,
    pipeline: { ...stages, $sort },
    projection: projections,
    window: windows,
    query: queryOperators,
  };
  return loaded;
}

let plainContext: Context | undefined;

/** mingo's options for expressions and pipelines. @param ownStages replace mingo's */
export function pipelineOptions(ownStages?: Stages): Options {
  const operators = mingoOperators();
  if (ownStages === undefined) plainContext ??= Context.init(operators);
  return {
    context:
      ownStages === undefined && plainContext !== undefined
        ? plainContext
        : Context.init({ ...operators, pipeline: { ...operators.pipeline, ...ownStages } }),
    idKey: '_id',
    processingMode: ProcessingMode.CLONE_OFF,
    useStrictMode: true,
    failOnError: true,
    scriptEnabled: false,
  };
}

/** The stage `$lookup` as mingo has it: it reads the other collection whole. */
export function mingoLookup(): typeof import('mingo/operators/pipeline').$lookup {
  const load = createRequire(import.meta.url);
  const pipelines: typeof import('mingo/operators/pipeline') = load('mingo/operators/pipeline');
  return pipelines.$lookup;
}
