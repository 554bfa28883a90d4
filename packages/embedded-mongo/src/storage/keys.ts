import type { KeyRange } from './storage.ts';

/** Enough for 2^48 documents. */
const recordBytes = 6;

/** Every key starts with the id (4 bytes) of a collection or index; 0 is the catalog. */
export function storeKey(storeId: number, rest: Uint8Array = Buffer.alloc(0)): Buffer {
  const key = Buffer.allocUnsafe(4 + rest.length);
  key.writeUInt32BE(storeId, 0);
  key.set(rest, 4);
  return key;
}

export function storeRange(storeId: number): KeyRange {
  return { from: storeKey(storeId), to: storeKey(storeId + 1) };
}

/** Record ids increase, so that a collection's natural order is that of inserts. */
export function documentKey(storeId: number, recordId: number): Buffer {
  return storeKey(storeId, writeRecordId(recordId));
}

export function writeRecordId(recordId: number): Buffer {
  const bytes = Buffer.allocUnsafe(recordBytes);
  bytes.writeUIntBE(recordId, 0, recordBytes);
  return bytes;
}

/** The id is at the end of a key, or in a value. */
export function recordIdOf(bytes: Buffer): number {
  return bytes.readUIntBE(bytes.length - recordBytes, recordBytes);
}

/** Returns the first key after all that start with `prefix`; an empty buffer if there is none. */
export function afterPrefix(prefix: Buffer): Buffer {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end--;
  const next = Buffer.from(prefix.subarray(0, end));
  if (end > 0) next[end - 1] = (next[end - 1] ?? 0) + 1;
  return next;
}
