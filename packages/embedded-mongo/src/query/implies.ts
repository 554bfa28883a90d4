import { compareValues, equalValues } from '../bson/compare.ts';
import { orderOf } from '../bson/key.ts';
import { isRegex, type Value } from '../bson/value.ts';
import type { Condition, Filter } from './filter.ts';
import { comparisonOperators, type Matcher } from './operators.ts';

/**
 * Whether every document that the conditions find is one that passes `partial`, so that a partial index has them all.
 * When in doubt: no.
 */
export function implies(conditions: readonly Condition[], partial: Filter): boolean {
  return partial.conditions.every((wanted) =>
    conditions.some((given) => given.path === wanted.path && impliesOne(given, wanted)),
  );
}

function impliesOne(given: Condition, wanted: Condition): boolean {
  const { operator, operand } = given;
  if (operator === wanted.operator && equalValues(operand, wanted.operand)) return true;
  if (operator === '$eq') return valueImplies(operand, wanted);
  if (operator === '$in' && Array.isArray(operand))
    return operand.length > 0 && operand.every((value) => valueImplies(value, wanted));
  return rangeImplies(given, wanted);
}

/** The condition of a partial index, read once: it is asked with every query. */
const matchers = new WeakMap<Condition, Matcher | undefined>();

function valueImplies(value: Value, wanted: Condition): boolean {
  if (value === null || Array.isArray(value) || isRegex(value)) return false;
  if (!matchers.has(wanted)) matchers.set(wanted, comparisonOperators[wanted.operator]?.('', wanted.operand));
  return matchers.get(wanted)?.matchesValue(value) === true;
}

function rangeImplies(given: Condition, wanted: Condition): boolean {
  const side = given.operator.slice(0, 3);
  if (side !== '$gt' && side !== '$lt') return false;
  if (wanted.operator === '$exists') return given.operand !== null && wanted.operand === true;
  if (!wanted.operator.startsWith(side) || orderOf(given.operand) !== orderOf(wanted.operand)) return false;
  const order = compareValues(given.operand, wanted.operand) * (side === '$gt' ? 1 : -1);
  return order > 0 || (order === 0 && (wanted.operator.endsWith('e') || !given.operator.endsWith('e')));
}
