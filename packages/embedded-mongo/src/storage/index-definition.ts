import { rootOf } from '../bson/paths.ts';
import type { Document } from '../bson/value.ts';
import { compileFilter, type Filter } from '../query/filter.ts';
import { type OrderField, parseOrder } from '../query/sort-order.ts';

/** An index as the catalog keeps it. */
export type IndexRecord = {
  id: number;
  name: string;
  /** `{ a: 1, b: -1 }` */
  key: Document;
  unique: boolean;
  partialFilterExpression?: Document;
  expireAfterSeconds?: number;
  /** Some document has more than one key: then the index gives no order, and a range one bound. */
  multikey: boolean;
  /** Some key was too long and was cut: then the index gives no order. */
  cut: boolean;
};

/** An index ready to use: its record and what follows from it. */
export type IndexDefinition = {
  record: IndexRecord;
  fields: readonly (OrderField & { parts: readonly string[] })[];
  partial: Filter | undefined;
  /** The top-level fields on which it depends. */
  roots: ReadonlySet<string>;
};

export function defineIndex(record: IndexRecord): IndexDefinition {
  const fields = parseOrder(record.key).map((field) => ({ ...field, parts: field.path.split('.') }));
  const partial = record.partialFilterExpression && compileFilter(record.partialFilterExpression);
  return {
    record,
    fields,
    partial,
    roots: new Set([...fields.map(({ path }) => rootOf(path)), ...(partial?.fields ?? [])]),
  };
}
