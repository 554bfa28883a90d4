import type { CollectionStore } from '../storage/collection-store.ts';
import type { IndexDefinition } from '../storage/index-definition.ts';
import type { Ranges } from '../storage/scan.ts';
import type { Filter } from './filter.ts';
import { implies } from './implies.ts';
import { type IndexBounds, indexBounds } from './index-bounds.ts';
import type { OrderField } from './sort-order.ts';

/** The way to the documents that a filter may find: every one that passes is on it, perhaps others too. */
export type Plan = {
  /** `undefined`: all documents of the collection are read. */
  index: IndexDefinition | undefined;
  ranges: Ranges;
  /** The very keys of a unique index. */
  points: Buffer[] | undefined;
  isBackwards: boolean;
  /** Whether the documents come in the order that was asked for. */
  isSorted: boolean;
};

/** Chooses the index that narrows most: the more equalities the better, then a ready order, then a range. */
export function planQuery(collection: CollectionStore, filter: Filter, order: readonly OrderField[]): Plan {
  let best = 0;
  let plan: Plan = {
    index: undefined,
    ranges: [],
    points: undefined,
    isBackwards: false,
    isSorted: order.length === 0,
  };
  for (const index of collection.indexes) {
    if (index.partial !== undefined && !implies(filter.conditions, index.partial)) continue;
    const bounds = indexBounds(index, filter.conditions);
    const direction = order.length === 0 ? undefined : directionFor(index, bounds, order);
    const score =
      (bounds.isComplete ? 1000 : 0) +
      bounds.equalities * 10 +
      (direction !== undefined ? 5 : 0) +
      (bounds.isRanged ? 4 : 0) +
      (index.partial === undefined ? 0 : 1);
    if (score <= best) continue;
    best = score;
    plan = {
      index,
      ranges: bounds.ranges,
      points: bounds.isComplete ? bounds.points() : undefined,
      isBackwards: direction === -1,
      isSorted: order.length === 0 || direction !== undefined,
    };
  }
  return plan;
}

/** @returns in which direction the index has the order asked for; `undefined` when it does not have it */
function directionFor(
  { record, fields }: IndexDefinition,
  { constant }: IndexBounds,
  order: readonly OrderField[],
): 1 | -1 | undefined {
  if (record.multikey || record.cut) return undefined;
  let direction: number | undefined;
  let at = 0;
  for (const wanted of order) {
    if (constant.has(wanted.path)) continue;
    let field = fields[at];
    while (field !== undefined && constant.has(field.path)) field = fields[++at];
    if (field?.path !== wanted.path) return undefined;
    const needed = field.direction * wanted.direction;
    if (direction !== undefined && needed !== direction) return undefined;
    direction = needed;
    at++;
  }
  return direction === -1 ? -1 : 1;
}
