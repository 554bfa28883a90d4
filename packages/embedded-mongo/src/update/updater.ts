import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import type { Condition } from '../query/filter.ts';
import { FieldNames, rootOf } from '../values/field-names.ts';
import { isDocument } from '../values/is-document.ts';
import { writeDocument } from '../values/write-document.ts';
import { arrayOperators } from './array-operators.ts';
import { fieldOperators, renameField } from './field-operators.ts';
import { pipelineUpdater } from './pipeline-updater.ts';
import { expandPath, type Positions, parseArrayFilters } from './positions.ts';

/** What an update makes of a document. */
type Updated = {
  document: Document;
  /** The top-level fields that may differ; `undefined`: any. */
  touched: ReadonlySet<string> | undefined;
};

/** Fields that are given values, whatever they were: their bytes can be put in the place of the old ones. */
type Sets = { names: FieldNames; elements: ReadonlyMap<string, Buffer>; touched: ReadonlySet<string> };

export type Updater = {
  kind: 'operators' | 'replacement' | 'pipeline';
  /** What `apply` does to a document that is there already, if it is no more than this. */
  sets?: Sets;
  /**
   * @param document is changed, or used up
   * @param inserting whether `$setOnInsert` applies
   */
  apply(document: Document, context: { inserting: boolean; now: Date }): Updated;
};

const operators = { ...fieldOperators, ...arrayOperators };

/**
 * Reads an update: operators, a whole document, or a pipeline.
 *
 * @param conditions the filter's, for `$`
 * @throws CommandError FailedToParse for an operator that this store does not know
 */
export function parseUpdate(
  update: unknown,
  options: { conditions: readonly Condition[]; arrayFilters?: unknown; variables?: Document },
): Updater {
  if (Array.isArray(update)) {
    if (options.arrayFilters !== undefined)
      throw new CommandError('FailedToParse', 'arrayFilters may not be specified for pipeline-style updates');
    return pipelineUpdater(update, options.variables);
  }
  if (!isDocument(update))
    throw new CommandError('FailedToParse', 'an update has to be a document or an array');
  const names = Object.keys(update);
  const dollars = names.filter((name) => name.startsWith('$'));
  if (dollars.length === 0) return replacementUpdater(update);
  const unknown = names.find((name) => operators[name] === undefined && name !== '$rename');
  if (unknown !== undefined)
    throw new CommandError(
      'FailedToParse',
      `Unknown modifier: ${unknown}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  const arrayFilters = parseArrayFilters(options.arrayFilters);
  return operatorUpdater(update, { conditions: options.conditions, arrayFilters });
}

type Step = { operator: string; path: string; operand: unknown };

function operatorUpdater(update: Document, positions: Positions): Updater {
  const steps = Object.entries(update).flatMap(([operator, fields]: [string, unknown]): Step[] => {
    if (!isDocument(fields))
      throw new CommandError('FailedToParse', `Modifiers operate on fields but ${operator} has none`);
    return Object.entries(fields).map(([path, operand]) => ({ operator, path, operand }));
  });
  const renamed = steps
    .filter(({ operator }) => operator === '$rename')
    .map(({ operand }) => String(operand));
  const paths = [...steps.map(({ path }) => path), ...renamed];
  assertNoConflict(paths);
  for (const identifier of positions.arrayFilters.keys())
    if (!paths.some((path) => path.includes(`$[${identifier}]`)))
      throw new CommandError('FailedToParse', `The array filter for identifier '${identifier}' was not used`);
  const touched = new Set(paths.map(rootOf));
  const elements = setElements(steps);
  return {
    kind: 'operators',
    ...(elements !== undefined && { sets: { names: new FieldNames(elements.keys()), elements, touched } }),
    apply(document, { inserting, now }) {
      for (const { operator, path, operand } of steps) {
        if (operator === '$setOnInsert' && !inserting) continue;
        if (operator === '$rename') renameField(document, path.split('.'), String(operand).split('.'));
        else
          for (const place of expandPath(document, path, positions))
            operators[operator]?.(document, place, operand, now);
      }
      return { document, touched };
    },
  };
}

/** The bytes of the fields that are set; `undefined` when a step does something else, or sets a part of a field. */
function setElements(steps: readonly Step[]): Map<string, Buffer> | undefined {
  const elements = new Map<string, Buffer>();
  for (const { operator, path, operand } of steps) {
    if (operator === '$setOnInsert') continue;
    if (operator !== '$set' || path === '' || path === '_id' || /[.$]/.test(path)) return undefined;
    elements.set(path, writeDocument({ [path]: operand }).subarray(4, -1));
  }
  return elements;
}

/** @throws CommandError ConflictingUpdateOperators when a path is another, or within it */
function assertNoConflict(paths: readonly string[]): void {
  const sorted = [...paths].sort();
  sorted.forEach((path, at) => {
    const next = sorted[at + 1];
    const inside = sorted.find((other) => other.startsWith(`${path}.`));
    if (next === path || inside !== undefined)
      throw new CommandError(
        'ConflictingUpdateOperators',
        `Updating the path '${inside ?? path}' would create a conflict at '${path}'`,
      );
  });
}

function replacementUpdater(replacement: Document): Updater {
  return {
    kind: 'replacement',
    apply: ({ _id }) => ({
      document: { ...(_id !== undefined && { _id }), ...replacement },
      touched: undefined,
    }),
  };
}
