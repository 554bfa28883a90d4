import type { Document } from 'bson';
import { type Iterator, Lazy } from 'mingo/lazy';
import type { Options } from 'mingo/types';
import { CommandError } from '../command-error.ts';
import { parseOrder, sortBy } from './sort-order.ts';

/** The aggregation stage `$sort`, in MongoDB's order of values, where mingo's own knows JavaScript's only. */
export function $sort(documents: Iterator, spec: unknown, _options: Options): Iterator {
  const order = parseOrder(spec);
  if (order.length === 0) throw new CommandError('BadValue', '$sort stage must have at least one sort key');
  return documents.transform((all: unknown) =>
    Lazy(sortBy(all as Document[], order, (document) => document)),
  );
}
