import { compareValues, equalValues } from '../values/compare-values.ts';
import { typeTagOf } from '../values/encode-value.ts';
import type { Predicate } from './comparison-operators.ts';
import { type Condition, compileFilter, type Filter } from './filter.ts';

/**
 * Whether every document that the filter finds is surely one that passes `partial`, so that a partial index has them
 * all. When in doubt: no.
 */
export function implies(conditions: readonly Condition[], partial: Filter): boolean {
  return partial.conditions.every((wanted) =>
    conditions.some((given) => given.path === wanted.path && impliesOne(given, wanted)),
  );
}

function impliesOne(given: Condition, wanted: Condition): boolean {
  if (given.operator === wanted.operator && equalValues(given.operand, wanted.operand)) return true;
  if (given.operator === '$eq') return valueImplies(given.operand, wanted);
  if (given.operator === '$in' && Array.isArray(given.operand))
    return given.operand.length > 0 && given.operand.every((value) => valueImplies(value, wanted));
  return rangeImplies(given, wanted);
}

/** What a condition of a partial index asks of a value: it is asked with every query. */
const testOnce = new WeakMap<Condition, Predicate>();

function valueImplies(value: unknown, wanted: Condition): boolean {
  if (value === null || value === undefined || Array.isArray(value) || value instanceof RegExp) return false;
  let test = testOnce.get(wanted);
  if (test === undefined) {
    test = compileFilter({ field: { [wanted.operator]: wanted.operand } }).test;
    testOnce.set(wanted, test);
  }
  return test({ field: value });
}

function rangeImplies(given: Condition, wanted: Condition): boolean {
  const side = given.operator.slice(0, 3);
  if (side !== '$gt' && side !== '$lt') return false;
  if (wanted.operator === '$exists') return given.operand !== null && wanted.operand === true;
  if (!wanted.operator.startsWith(side) || typeTagOf(given.operand) !== typeTagOf(wanted.operand))
    return false;
  const order = compareValues(given.operand, wanted.operand) * (side === '$gt' ? 1 : -1);
  return order > 0 || (order === 0 && (wanted.operator.endsWith('e') || !given.operator.endsWith('e')));
}
