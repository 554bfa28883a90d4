import { createHash } from 'node:crypto';
import type { Document } from 'bson';
import { encodeValue } from '../values/encode-value.ts';
import { KeyWriter } from '../values/key-writer.ts';
import type { IndexDefinition } from './index-definition.ts';
import { indexTuples, tupleValue } from './index-values.ts';

/**
 * Bytes of a key before it is cut, so that with the index's number, a hash and the record's number it keeps within
 * lmdb's limit of 1978.
 */
export const keyLimit = 1900;
const hashLength = 16;

export type IndexKeys = {
  /** Distinct, as they are kept: a unique index has a key alone, so that one look finds it, others with the record's number. */
  keys: Buffer[];
  tuples: unknown[][];
  multikey: boolean;
  cut: boolean;
};

const none: IndexKeys = { keys: [], tuples: [], multikey: false, cut: false };
const writer = new KeyWriter();

/** The keys of a document in an index; none when a sparse or partial index leaves it out. */
export function indexKeys(document: Document, index: IndexDefinition, recordId: number): IndexKeys {
  if (index.partial !== undefined && !index.partial.test(document)) return none;
  const tuples = indexTuples(document, index.fields);
  if (index.record.sparse && tuples.every((tuple) => tuple.every((value) => value === undefined)))
    return none;
  const keys: Buffer[] = [];
  const distinct: unknown[][] = [];
  const seen = new Set<string>();
  let cut = false;
  for (const tuple of tuples) {
    const isLong = writeTuple(tuple, index);
    cut ||= isLong;
    if (!index.record.unique) writer.uint48(recordId);
    const key = writer.copy();
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

/** Writes the index's number and the values. @returns whether they were too long and were cut */
function writeTuple(tuple: readonly unknown[], { record, fields }: IndexDefinition): boolean {
  writer.reset();
  writer.uint32(record.id);
  const first = writer.length;
  for (let at = 0; at < fields.length; at++) {
    const start = writer.length;
    encodeValue(writer, tupleValue(tuple[at]));
    if (fields[at]?.direction === -1) writer.invert(start);
  }
  if (writer.length - first <= keyLimit) return false;
  const short = cutKey(writer.copy().subarray(first));
  writer.reset();
  writer.uint32(record.id);
  writer.bytes(short);
  return true;
}

/** The beginning of a long key and the hash of all of it: equal keys stay equal, different ones different. */
export function cutKey(bytes: Buffer): Buffer {
  const hash = createHash('sha256').update(bytes).digest().subarray(0, hashLength);
  return Buffer.concat([bytes.subarray(0, keyLimit), hash]);
}
