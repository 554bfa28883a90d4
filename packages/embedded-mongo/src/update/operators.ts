import { add, expectNumber } from '../bson/arithmetic.ts';
import { expectArray } from '../bson/expect-type.ts';
import { compareValues, equalValues } from '../bson/key.ts';
import { Double, isDocument, isRegex, type Value } from '../bson/value.ts';
import { badValue } from '../command-error.ts';
import { compileElement, logicalOperators } from '../query/filter.ts';
import { hasOperators, matchesPattern } from '../query/operators.ts';
import type { Change } from './set-at.ts';

type Operator = (operand: Value, path: string) => Change;

const extreme =
  (sign: 1 | -1): Operator =>
  (operand) =>
  (value) =>
    value === undefined || compareValues(operand, value) * sign > 0 ? operand : value;

/** @see https://www.mongodb.com/docs/manual/reference/operator/update/ */
export const updateOperators: Record<string, Operator> = {
  $set: (operand) => () => operand,
  $setOnInsert: (operand) => () => operand,
  $unset: () => () => undefined,
  $inc(operand, path) {
    const amount = expectNumber(operand, `$inc of '${path}'`);
    return (value) => {
      if (value === undefined) return amount;
      const current = expectNumber(value, `$inc of '${path}'`);
      const sum = add(current, amount);
      if (sum instanceof Double && !(current instanceof Double) && !(amount instanceof Double))
        throw badValue(`Failed to apply $inc at '${path}': the result exceeds 64 bits`);
      // An equal number stays the same value, even if an int and a long are equal.
      return typeof sum === typeof value && equalValues(sum, value) ? value : sum;
    };
  },
  $min: extreme(-1),
  $max: extreme(1),
  $pull(operand, path) {
    const test = pullTest(operand);
    return (value) => {
      if (value === undefined) return undefined;
      const array = expectArray(value, `the field '${path}' of $pull`);
      const left = array.filter((item) => !test(item));
      return left.length === array.length ? value : left;
    };
  },
};

/** Takes conditions on an element, conditions on an element's fields, or a value. */
function pullTest(operand: Value): (item: Value) => boolean {
  if (isRegex(operand)) {
    const test = matchesPattern(operand);
    return (item) => test({ values: [item], elements: [item] });
  }
  if (!isDocument(operand)) return (item) => equalValues(item, operand);
  const test = compileElement(operand, '$pull');
  const ofFields = !hasOperators(operand) || logicalOperators.includes([...operand.keys()][0] ?? '');
  return ofFields ? (item) => isDocument(item) && test(item) : test;
}
