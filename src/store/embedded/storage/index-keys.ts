import { createHash } from 'node:crypto';
import type { Document } from 'bson';
import { encodeValue } from '../values/encode-value.ts';
import { KeyWriter } from '../values/key-writer.ts';
import type { IndexDefinition } from './index-definition.ts';
import { indexTuples, tupleValue } from './index-values.ts';
import { recordBytes, storeKey } from './keys.ts';

/**
 * Bytes of a key before it is cut, so that with the index's number, a hash and the record's number it keeps within
 * lmdb's limit of 1978.
 */
export const keyLimit = 1900;
const hashLength = 16;

export type IndexKeys = {
  /** Distinct keys, without the record's number. */
  keys: Buffer[];
  tuples: unknown[][];
  multikey: boolean;
  cut: boolean;
};

const none: IndexKeys = { keys: [], tuples: [], multikey: false, cut: false };
const writer = new KeyWriter();

/** The keys of a document in an index; none when a sparse or partial index leaves it out. */
export function indexKeys(document: Document, index: IndexDefinition): IndexKeys {
  if (index.partial !== undefined && !index.partial.test(document)) return none;
  const tuples = indexTuples(document, index.fields);
  if (index.record.sparse && tuples.every((tuple) => tuple.every((value) => value === undefined)))
    return none;
  const keys: Buffer[] = [];
  const distinct: unknown[][] = [];
  const seen = new Set<string>();
  let cut = false;
  for (const tuple of tuples) {
    const bytes = encodeTuple(tuple, index.fields);
    cut ||= bytes.length > keyLimit;
    const key = storeKey(index.record.id, bytes.length > keyLimit ? cutKey(bytes) : bytes);
    if (tuples.length > 1) {
      const identity = key.toString('latin1');
      if (seen.has(identity)) continue;
      seen.add(identity);
    }
    keys.push(key);
    distinct.push(tuple);
  }
  return { keys, tuples: distinct, multikey: tuples.length > 1, cut };
}

function encodeTuple(tuple: readonly unknown[], fields: IndexDefinition['fields']): Buffer {
  writer.reset();
  fields.forEach(({ direction }, at) => {
    const start = writer.length;
    encodeValue(writer, tupleValue(tuple[at]));
    if (direction === -1) writer.invert(start);
  });
  return writer.copy();
}

/** The beginning of a long key and the hash of all of it: equal keys stay equal, different ones different. */
export function cutKey(bytes: Buffer): Buffer {
  const hash = createHash('sha256').update(bytes).digest().subarray(0, hashLength);
  return Buffer.concat([bytes.subarray(0, keyLimit), hash]);
}

/** Where an index keeps a key: a unique one under the key alone, so that one look finds it. */
export function indexEntryKey(index: IndexDefinition, key: Buffer, recordId: number): Buffer {
  return index.record.unique ? key : Buffer.concat([key, recordBytes(recordId)]);
}
