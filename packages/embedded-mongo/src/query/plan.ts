import { equalValues } from '../bson/key.ts';
import { isRegex } from '../bson/value.ts';
import type { CollectionStore } from '../storage/collection-store.ts';
import type { IndexDefinition } from '../storage/index-definition.ts';
import type { KeyRange } from '../storage/storage.ts';
import type { Condition, Filter } from './filter.ts';
import { indexBounds } from './index-bounds.ts';
import { comparisonOperators } from './operators.ts';
import type { OrderField } from './sort-order.ts';

/** It includes all documents that pass, and perhaps others. */
export type Plan = {
  /** If it is `undefined`, all documents of the collection are read. */
  index: IndexDefinition | undefined;
  ranges(): readonly KeyRange[];
  /** Each range begins with the only key that it can have: that of a unique index whose every field is known. */
  isExact: boolean;
  isBackwards: boolean;
  isSorted: boolean;
};

/** Chooses the most selective index: by number of equalities, then a ready order, then a range. */
export function planQuery(collection: CollectionStore, filter: Filter, order: readonly OrderField[]): Plan {
  const isSorted = order.length === 0;
  let best = 0;
  let plan: Plan = { index: undefined, ranges: () => [], isExact: false, isBackwards: false, isSorted };
  for (const index of collection.indexes) {
    if (index.partial !== undefined && !implies(filter.conditions, index.partial.conditions)) continue;
    const { ranges, equalities, isRanged, constant } = indexBounds(index, filter.conditions);
    const direction = isSorted ? undefined : directionFor(index, constant, order);
    const isExact = index.record.unique && equalities === index.fields.length;
    const score =
      (isExact ? 1000 : 0) + equalities * 10 + (direction === undefined ? 0 : 5) + (isRanged ? 4 : 0);
    if (score <= best) continue;
    best = score;
    const isBackwards = direction === -1;
    plan = { index, ranges, isExact, isBackwards, isSorted: isSorted || direction !== undefined };
  }
  return plan;
}

/** True if every document that the conditions find is surely in a partial index. */
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
  // As in MongoDB: a value implies no type.
  if (wanted.operator === '$type') return false;
  return (
    comparisonOperators[wanted.operator]?.(wanted.operand)({ values: [operand], elements: [operand] }) ===
    true
  );
}

/** @returns the direction in which the index has the requested order; `undefined` if it does not */
function directionFor(
  { record, fields }: IndexDefinition,
  constant: ReadonlySet<string>,
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
