import { equalValues } from '../bson/key.ts';
import { isRegex } from '../bson/value.ts';
import type { CollectionStore } from '../storage/collection-store.ts';
import type { IndexDefinition } from '../storage/index-definition.ts';
import type { KeyRange } from '../storage/storage.ts';
import type { Condition, Filter } from './filter.ts';
import { type IndexBounds, indexBounds } from './index-bounds.ts';
import { comparisonOperators } from './operators.ts';
import type { OrderField } from './sort-order.ts';

/** It includes all documents that pass, and perhaps others. */
export type Plan = {
  /** `undefined`: all documents of the collection are read. */
  index: IndexDefinition | undefined;
  ranges: readonly KeyRange[];
  /** Each range begins with the only key that it can have: that of a unique index whose every field is known. */
  isExact: boolean;
  isBackwards: boolean;
  isSorted: boolean;
};

/** The most selective index: by number of equalities, then a ready order, then a range. */
export function planQuery(collection: CollectionStore, filter: Filter, order: readonly OrderField[]): Plan {
  let best = 0;
  let plan: Plan | undefined;
  let boundsOfBest: IndexBounds | undefined;
  for (const index of collection.indexes) {
    if (index.partial !== undefined && !implies(filter.conditions, index.partial.conditions)) continue;
    const bounds = indexBounds(index, filter.conditions);
    const direction = order.length === 0 ? undefined : directionFor(index, bounds, order);
    const isExact = index.record.unique && bounds.equalities === index.fields.length;
    const score =
      (isExact ? 1000 : 0) +
      bounds.equalities * 10 +
      (direction !== undefined ? 5 : 0) +
      (bounds.isRanged ? 4 : 0) +
      (index.partial === undefined ? 0 : 1);
    if (score <= best) continue;
    best = score;
    boundsOfBest = bounds;
    plan = {
      index,
      ranges: [],
      isExact,
      isBackwards: direction === -1,
      isSorted: order.length === 0 || direction !== undefined,
    };
  }
  if (plan === undefined || boundsOfBest === undefined)
    return { index: undefined, ranges: [], isExact: false, isBackwards: false, isSorted: order.length === 0 };
  return { ...plan, ranges: boundsOfBest.ranges() };
}

/** Whether every document that the conditions find is in a partial index. When in doubt: no. */
function implies(conditions: readonly Condition[], partial: readonly Condition[]): boolean {
  return partial.every((wanted) =>
    conditions.some(
      (given) =>
        given.path === wanted.path &&
        ((given.operator === wanted.operator && equalValues(given.operand, wanted.operand)) ||
          impliesByValue(given, wanted)),
    ),
  );
}

function impliesByValue({ operator, operand }: Condition, wanted: Condition): boolean {
  if (operator !== '$eq' || operand === null || Array.isArray(operand) || isRegex(operand)) return false;
  return (
    comparisonOperators[wanted.operator]?.(wanted.operand)({ values: [operand], elements: [operand] }) ===
    true
  );
}

/** @returns the direction in which the index has the requested order; `undefined` if it does not */
function directionFor(
  { record, fields }: IndexDefinition,
  { constant }: IndexBounds,
  order: readonly OrderField[],
): 1 | -1 | undefined {
  if (record.multikey) return undefined;
  const isOpen = ({ path }: OrderField) => !constant.has(path);
  const [wanted, there] = [order.filter(isOpen), fields.filter(isOpen)];
  const direction = wanted.length === 0 || wanted[0]?.direction === there[0]?.direction ? 1 : -1;
  const isReady = wanted.every(
    (field, at) => there[at]?.path === field.path && there[at].direction * field.direction === direction,
  );
  return isReady ? direction : undefined;
}
