import { createHash } from 'node:crypto';
import { ByteWriter } from '../bson/byte-writer.ts';
import { emptyArray, encodeValue, invert, type KeyValue } from '../bson/key.ts';
import { isArrayIndex } from '../bson/paths.ts';
import { type Document, isDocument } from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import type { IndexDefinition } from './index-definition.ts';

/**
 * Bytes of a key before it is cut, so that with the index's number, a hash and the record's number it keeps within
 * lmdb's limit of 1978.
 */
export const maxKeyBytes = 1900;
const hashLength = 16;

/** A key of a document in an index. A unique index has it alone, others with the record's number at its end. */
export type IndexKey = { bytes: Buffer; values: readonly KeyValue[] };
export type IndexKeys = { keys: IndexKey[]; multikey: boolean; cut: boolean };

const writer = new ByteWriter();

/** The keys of a document in an index, each once; none when a partial index leaves the document out. */
export function indexKeys(document: Document, index: IndexDefinition, recordId: number): IndexKeys {
  if (index.partial !== undefined && !index.partial.test(document))
    return { keys: [], multikey: false, cut: false };
  const tuples = indexTuples(document, index.fields);
  const keys = new Map<string, IndexKey>();
  let cut = false;
  for (const values of tuples) {
    cut = writeTuple(values, index) || cut;
    if (!index.record.unique) writer.uint48(recordId);
    const bytes = writer.copy();
    keys.set(tuples.length > 1 ? bytes.toString('latin1') : '', { bytes, values });
  }
  return { keys: [...keys.values()], multikey: tuples.length > 1, cut };
}

/** Writes the index's number and the values. @returns whether they were too long and were cut */
function writeTuple(values: readonly KeyValue[], { record, fields }: IndexDefinition): boolean {
  writer.length = 0;
  writer.uint32(record.id);
  const first = writer.length;
  for (const [at, { direction }] of fields.entries()) {
    const start = writer.length;
    encodeValue(writer, values[at]);
    if (direction === -1) invert(writer, start);
  }
  if (writer.length - first <= maxKeyBytes) return false;
  const short = cutKey(writer.copy(first));
  writer.length = first;
  writer.bytes(short);
  return true;
}

/** The beginning of a long key and the hash of all of it: equal keys stay equal, different ones different. */
export function cutKey(bytes: Buffer): Buffer {
  const hash = createHash('sha256').update(bytes).digest().subarray(0, hashLength);
  return Buffer.concat([bytes.subarray(0, maxKeyBytes), hash]);
}

/** A field on the way to its value: where it stands and what of its path is left. */
type Pending = {
  value: KeyValue;
  rest: readonly string[];
  /** Is an element of an array already: an array within an array is one value. */
  isElement?: boolean;
};

/**
 * The values under which an index finds a document: one tuple, or with an array one for each element.
 *
 * @throws CommandError CannotIndexParallelArrays when two fields are different arrays
 */
function indexTuples(document: Document, fields: IndexDefinition['fields']): KeyValue[][] {
  const tuples: KeyValue[][] = [];
  expand(
    fields.map(({ parts }) => ({ value: document, rest: parts })),
    tuples,
  );
  return tuples;
}

function expand(pending: readonly Pending[], tuples: KeyValue[][]): void {
  const reached = pending.map(descend);
  const array = reached.map(arrayAt).find((value) => value !== undefined);
  if (array === undefined) {
    tuples.push(reached.map(({ value }) => value));
    return;
  }
  if (reached.some((field) => arrayAt(field) !== undefined && arrayAt(field) !== array))
    throw new CommandError('CannotIndexParallelArrays', 'cannot index parallel arrays');
  const elements: readonly KeyValue[] = array.length === 0 ? [emptyArray] : array;
  for (const element of elements)
    expand(
      reached.map((field) => (arrayAt(field) === array ? intoElement(field, element) : field)),
      tuples,
    );
}

const arrayAt = ({ value, isElement }: Pending) =>
  Array.isArray(value) && isElement !== true ? value : undefined;

/** Follows a field's path as far as there is no array in it. */
function descend(field: Pending): Pending {
  let { value } = field;
  for (const [at, name] of field.rest.entries()) {
    if (isDocument(value)) value = value.get(name);
    else if (Array.isArray(value) && isArrayIndex(name) && Number(name) < value.length)
      value = value[Number(name)];
    else if (Array.isArray(value)) return { value, rest: field.rest.slice(at) };
    else return { value: undefined, rest: [] };
  }
  return { ...field, value, rest: [] };
}

function intoElement({ rest }: Pending, element: KeyValue): Pending {
  if (rest.length === 0) return { value: element, rest, isElement: true };
  return { value: isDocument(element) ? element : undefined, rest };
}
