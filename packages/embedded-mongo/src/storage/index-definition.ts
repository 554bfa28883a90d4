import type { Document } from 'bson';
import { compileFilter, type Filter } from '../query/filter.ts';
import { type OrderField, parseOrder } from '../query/sort-order.ts';
import { rootOf } from '../values/field-names.ts';

/** An index as the catalog keeps it. */
export type IndexRecord = {
  id: number;
  name: string;
  /** `{ a: 1, b: -1 }` */
  key: Document;
  unique: boolean;
  sparse: boolean;
  partialFilterExpression?: Document;
  expireAfterSeconds?: number;
  /** Whether some document has more than one key in it: then it gives no order and one bound per range. */
  multikey: boolean;
  /** Whether some key was too long and was cut: then it gives no order. */
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
  const partial =
    record.partialFilterExpression === undefined ? undefined : compileFilter(record.partialFilterExpression);
  const paths = [...fields.map(({ path }) => path), ...(partial?.conditions.map(({ path }) => path) ?? [])];
  return { record, fields, partial, roots: new Set(paths.map(rootOf)) };
}
