import type { Any, Options } from 'mingo/types';
import { compareValues } from '../values/compare-values.ts';

type Gathering<T> = (documents: Any[], expression: Any, options: Options) => T;

/**
 * `$min` and `$max` in expressions and groups, in MongoDB's order of values, where what is missing or null does not
 * count; mingo's `$max` is null as soon as one value is missing.
 *
 * @param push mingo's own `$push`, which gathers the values
 */
export function extremes(push: Gathering<Any[]>): Record<'$min' | '$max', Gathering<Any>> {
  const first =
    (sign: 1 | -1): Gathering<Any> =>
    (documents, expression, options) => {
      const values = push(documents, expression, options).filter(
        (value) => value !== null && value !== undefined,
      );
      return values.sort((a, b) => sign * compareValues(a, b))[0] ?? null;
    };
  return { $min: first(1), $max: first(-1) };
}
