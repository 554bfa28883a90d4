import { expectDocument, expectText } from '../bson/expect-type.ts';
import { valueIdentity } from '../bson/key.ts';
import { rootOf } from '../bson/paths.ts';
import { type Document, isNumeric, toNumber, type Value } from '../bson/value.ts';
import { CommandError, unsupported } from '../command-error.ts';
import { compileFilter, type Filter } from '../query/filter.ts';
import { isTrue } from '../query/operators.ts';
import { type OrderField, parseOrder } from '../query/sort-order.ts';

/** An index as a client asks for it. */
export type IndexSpec = {
  name: string;
  key: Document;
  unique: boolean;
  partialFilterExpression?: Document;
  expireAfterSeconds?: number;
};

/** An index as it is stored in the catalog. */
export type IndexRecord = IndexSpec & {
  id: number;
  /** True if some document has more than one key: the index gives no order, and a range has only one bound. */
  multikey: boolean;
};

/** An index with values derived from its record. */
export type IndexDefinition = {
  record: IndexRecord;
  fields: readonly OrderField[];
  partial: Filter | undefined;
  /** The top-level fields that the index depends on. */
  roots: ReadonlySet<string>;
};

export function defineIndex(record: IndexRecord): IndexDefinition {
  const fields = parseOrder(record.key);
  const partial = record.partialFilterExpression && compileFilter(record.partialFilterExpression);
  return {
    record,
    fields,
    partial,
    roots: new Set([...fields.map(({ path }) => rootOf(path)), ...(partial?.fields ?? [])]),
  };
}

/** @throws CommandError CannotCreateIndex if it is not supported */
export function readIndexSpec(spec: Document): IndexSpec {
  const key = readKey(expectDocument(spec.get('key'), "'key'"));
  const [partial, expiry] = ['partialFilterExpression', 'expireAfterSeconds'].map((name) => spec.get(name));
  return {
    name: expectText(spec.get('name'), "'name'"),
    key,
    unique: isTrue(spec.get('unique')),
    ...(partial !== undefined && { partialFilterExpression: readPartialFilter(partial) }),
    ...(expiry !== undefined && { expireAfterSeconds: readExpiry(expiry, key) }),
  };
}

function readKey(key: Document): Document {
  if (key.size === 0) throw new CommandError('CannotCreateIndex', 'Index keys cannot be empty.');
  return new Map(
    Array.from(key, ([path, direction]): [string, Value] => {
      const sign = isNumeric(direction) ? Math.sign(toNumber(direction)) : 0;
      if (!(sign === 1 || sign === -1) || path.includes('$') || path.split('.').includes(''))
        throw unsupported(`an index that is not ascending or descending: '${path}'`, 'CannotCreateIndex');
      return [path, sign];
    }),
  );
}

/** A partial index is used where a query says the same, or a value that meets it. */
const partialOperators = ['$eq', '$type'];

function readPartialFilter(value: Value): Document {
  const filter = expectDocument(value, "'partialFilterExpression'");
  const refused =
    [...filter.keys()].find((path) => path.startsWith('$')) ??
    compileFilter(filter).conditions.find(({ operator }) => !partialOperators.includes(operator))?.operator;
  if (refused !== undefined) throw unsupported(`${refused} in a partial index`, 'CannotCreateIndex');
  return filter;
}

function readExpiry(value: Value, key: Document): number {
  const seconds = isNumeric(value) ? toNumber(value) : -1;
  if (key.size > 1 || !Number.isInteger(seconds) || seconds < 0 || seconds >= 2 ** 31)
    throw new CommandError(
      'CannotCreateIndex',
      'a TTL index has one field, and expireAfterSeconds is a whole number from 0 to 2147483647',
    );
  return seconds;
}

/** @throws CommandError IndexKeySpecsConflict or IndexOptionsConflict if it conflicts with an existing index */
export function isThere(existing: readonly IndexRecord[], wanted: IndexSpec): boolean {
  const alike = (record: IndexSpec) => signature(record) === signature(wanted);
  const found = existing.find((record) => record.name === wanted.name || alike(record));
  if (found === undefined) return false;
  const isAlike = alike(found) && found.expireAfterSeconds === wanted.expireAfterSeconds;
  if (found.name === wanted.name && isAlike) return true;
  throw new CommandError(
    alike(found) ? 'IndexOptionsConflict' : 'IndexKeySpecsConflict',
    `An existing index has the name of the requested one or is like it: ${found.name}`,
  );
}

/** Distinguishes two indexes, whatever their names. */
function signature({ key, unique, partialFilterExpression }: IndexSpec): string {
  return valueIdentity([key, unique, partialFilterExpression ?? null]);
}
