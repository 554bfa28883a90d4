import type { CollectionStore } from '../storage/collection-store.ts';
import type { IndexDefinition } from '../storage/index-definition.ts';
import { storeIdLength, storeRange } from '../storage/keys.ts';
import type { Condition, Filter } from './filter.ts';
import { implies } from './implies.ts';
import { type IndexBounds, indexBounds } from './index-bounds.ts';
import type { PrefixedRanges } from './merge-ranges.ts';
import type { OrderField } from './sort-order.ts';

/** The way to the documents that a filter may find: every one that passes is on it, perhaps others too. */
export type Plan = {
  /** `undefined`: the collection itself is walked. */
  index: IndexDefinition | undefined;
  ranges: PrefixedRanges;
  points: Buffer[] | undefined;
  /** Whether the ranges are walked at once, in the order of what follows their prefixes. */
  merged: boolean;
  backwards: boolean;
  /** Whether the documents come in the order that was asked for. */
  sorted: boolean;
  /** The conditions that all of them meet, and need not be asked about. */
  covered: ReadonlySet<Condition>;
};

type Choice = { index: IndexDefinition; bounds: IndexBounds; direction: 1 | -1 | undefined; merged: boolean };

/** Chooses the index that narrows most: the more equalities the better, then a ready order, then a range. */
export function planQuery(collection: CollectionStore, filter: Filter, order: readonly OrderField[]): Plan {
  let best: { score: number; choice?: Choice } = { score: 0 };
  for (const index of collection.indexes) {
    if (index.partial !== undefined && !implies(filter.conditions, index.partial)) continue;
    const bounds = indexBounds(index, filter.conditions);
    if (index.record.sparse && !bounds.excludesMissing) continue;
    const straight = order.length === 0 ? undefined : directionFor(index, bounds.constant, order);
    const merging = straight ?? (order.length === 0 ? undefined : mergedDirection(index, bounds, order));
    const direction = straight ?? merging;
    const score =
      (bounds.isComplete ? 1000 : 0) +
      bounds.equalities * 10 +
      (direction !== undefined ? 5 : 0) +
      (bounds.ranged ? 4 : 0) +
      (index.partial !== undefined && bounds.equalities > 0 ? 1 : 0);
    if (score <= best.score) continue;
    const merged = straight === undefined && merging !== undefined;
    best = { score, choice: { index, bounds, direction, merged } };
  }
  return best.choice === undefined ? walkOf(collection, order) : planOf(best.choice, order);
}

function walkOf(collection: CollectionStore, order: readonly OrderField[]): Plan {
  return {
    index: undefined,
    ranges: [{ range: storeRange(collection.id), prefix: storeIdLength }],
    points: undefined,
    merged: false,
    backwards: false,
    sorted: order.length === 0,
    covered: new Set(),
  };
}

function planOf({ index, bounds, direction, merged }: Choice, order: readonly OrderField[]): Plan {
  return {
    index,
    ranges: bounds.ranges,
    points: bounds.isComplete ? bounds.points() : undefined,
    merged,
    backwards: direction === -1,
    sorted: order.length === 0 || direction !== undefined,
    covered: bounds.covered,
  };
}

/** @returns in which direction the index has the order asked for; `undefined` when it does not have it */
function directionFor(
  index: IndexDefinition,
  constant: ReadonlySet<string>,
  order: readonly OrderField[],
): 1 | -1 | undefined {
  if (index.record.multikey || index.record.cut) return undefined;
  let direction: number | undefined;
  let at = 0;
  for (const wanted of order) {
    if (constant.has(wanted.path)) continue;
    let field = index.fields[at];
    while (field !== undefined && constant.has(field.path)) field = index.fields[++at];
    if (field?.path !== wanted.path) return undefined;
    const needed = field.direction * wanted.direction;
    if (direction !== undefined && needed !== direction) return undefined;
    direction = needed;
    at++;
  }
  return direction === -1 ? -1 : 1;
}

/** More ranges than this are not walked at once. */
const mostMerged = 200;

/** The direction when the ranges are merged: then a field with several known values counts as constant. */
function mergedDirection(
  index: IndexDefinition,
  { constant, several, ranges, isComplete }: IndexBounds,
  order: readonly OrderField[],
): 1 | -1 | undefined {
  if (several.size === 0 || isComplete || ranges.length > mostMerged) return undefined;
  if (order.some(({ path }) => several.has(path))) return undefined;
  return directionFor(index, new Set([...constant, ...several]), order);
}
