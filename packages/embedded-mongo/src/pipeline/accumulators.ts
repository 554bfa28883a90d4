import { add, numberOf } from '../bson/arithmetic.ts';
import type { Numeric, Value } from '../bson/value.ts';
import { extremeOf } from './expression.ts';

/** A value for a group, built from those of its documents one by one. */
type Accumulator = { add(value: Value | undefined): void; result(): Value };

/** @see https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/ */
export const accumulators: Record<string, () => Accumulator> = {
  $sum() {
    let sum: Numeric = 0;
    return {
      add(value) {
        const number = numberOf(value);
        if (number !== undefined) sum = add(sum, number);
      },
      result: () => sum,
    };
  },
  $first() {
    let first: Value | undefined;
    return {
      add(value) {
        first = first === undefined ? (value ?? null) : first;
      },
      result: () => first ?? null,
    };
  },
  $last() {
    let last: Value = null;
    return {
      add(value) {
        last = value ?? null;
      },
      result: () => last,
    };
  },
  $min: () => extremeAccumulator(1),
  $max: () => extremeAccumulator(-1),
  $push() {
    const values: Value[] = [];
    return {
      add(value) {
        if (value !== undefined) values.push(value);
      },
      result: () => values,
    };
  },
};

function extremeAccumulator(sign: 1 | -1): Accumulator {
  let best: Value = null;
  return {
    add(value) {
      best = extremeOf([best, value], sign);
    },
    result: () => best,
  };
}
