import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  type Document,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { encodeNumber } from './encode-number.ts';
import { toNumeric } from './exact-number.ts';
import { KeyWriter } from './key-writer.ts';

/**
 * The first byte of an encoded value: MongoDB's order of the types.
 * @see https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 */
export const typeTags = {
  minKey: 0x01,
  emptyArray: 0x05,
  null: 0x0a,
  number: 0x10,
  string: 0x18,
  object: 0x20,
  array: 0x28,
  binary: 0x30,
  objectId: 0x38,
  boolean: 0x40,
  date: 0x48,
  timestamp: 0x50,
  regExp: 0x58,
  code: 0x68,
  maxKey: 0xf0,
} as const;

/** What stands for an empty array in a sort or an index: it comes before null. */
export const emptyArray = Symbol('empty array');

/** @returns MongoDB's type of a value, as its place in the order; a missing value counts as null */
export function typeTagOf(value: unknown): number {
  if (value === null || value === undefined) return typeTags.null;
  if (typeof value === 'string' || value instanceof BSONSymbol) return typeTags.string;
  if (typeof value === 'boolean') return typeTags.boolean;
  if (toNumeric(value) !== undefined) return typeTags.number;
  if (Array.isArray(value)) return typeTags.array;
  if (value instanceof ObjectId) return typeTags.objectId;
  if (value instanceof Date) return typeTags.date;
  if (value === emptyArray) return typeTags.emptyArray;
  return rareTypeTagOf(value);
}

function rareTypeTagOf(value: unknown): number {
  if (value instanceof Timestamp) return typeTags.timestamp;
  if (value instanceof Binary || value instanceof Uint8Array) return typeTags.binary;
  if (value instanceof BSONRegExp || value instanceof RegExp) return typeTags.regExp;
  if (value instanceof MinKey) return typeTags.minKey;
  if (value instanceof MaxKey) return typeTags.maxKey;
  if (value instanceof Code) return typeTags.code;
  return typeTags.object;
}

/**
 * Writes a BSON value so that comparing bytes compares values as MongoDB does, across types too, and no value's bytes
 * are the beginning of another's.
 */
export function encodeValue(writer: KeyWriter, value: unknown): void {
  const tag = typeTagOf(value);
  writer.byte(tag);
  encodeContent(writer, tag, value);
}

function encodeContent(writer: KeyWriter, tag: number, value: unknown): void {
  if (typeof value === 'string') writer.text(value);
  else if (tag === typeTags.number) encodeNumber(writer, toNumeric(value) ?? 0);
  else if (value instanceof ObjectId) writer.bytes(value.id);
  else if (value instanceof Date) writer.safeInteger(Number.isNaN(value.getTime()) ? 0 : value.getTime());
  else if (typeof value === 'boolean') writer.byte(value ? 1 : 0);
  else if (Array.isArray(value)) encodeArray(writer, value);
  else if (value !== null && typeof value === 'object') encodeRare(writer, value);
}

function encodeRare(writer: KeyWriter, value: object): void {
  if (value instanceof Timestamp) writer.int64(BigInt.asIntN(64, value.toBigInt() ^ (1n << 63n)));
  else if (value instanceof Binary) encodeBinary(writer, value.value(), value.sub_type);
  else if (value instanceof Uint8Array) encodeBinary(writer, value, 0);
  else if (value instanceof BSONSymbol) writer.text(value.value);
  else if (value instanceof BSONRegExp) encodeRegExp(writer, value.pattern, value.options);
  else if (value instanceof RegExp) encodeRegExp(writer, value.source, value.flags);
  else if (value instanceof Code) {
    writer.text(value.code);
    encodeObject(writer, value.scope ?? {});
  } else if (value instanceof DBRef) encodeObject(writer, value.toJSON());
  else if (!(value instanceof MinKey || value instanceof MaxKey)) encodeObject(writer, value);
}

function encodeArray(writer: KeyWriter, values: readonly unknown[]): void {
  for (const value of values) encodeValue(writer, value);
  writer.byte(0);
}

/** Field by field: first the type, then the name, then the value, as MongoDB compares documents. */
function encodeObject(writer: KeyWriter, document: Document): void {
  for (const name of Object.keys(document)) {
    const value: unknown = document[name];
    const tag = typeTagOf(value);
    writer.byte(tag);
    writer.text(name);
    encodeContent(writer, tag, value);
  }
  writer.byte(0);
}

function encodeBinary(writer: KeyWriter, bytes: Uint8Array, subType: number): void {
  writer.uint32(bytes.length);
  writer.byte(subType);
  writer.bytes(bytes);
}

function encodeRegExp(writer: KeyWriter, pattern: string, flags: string): void {
  writer.text(pattern);
  writer.text([...flags].sort().join(''));
}

const scratch = new KeyWriter();

/** @returns the bytes of one value, as `encodeValue` writes them */
export function encodedValue(value: unknown): Buffer {
  scratch.reset();
  encodeValue(scratch, value);
  return scratch.copy();
}

/** @returns a string that two values share exactly when MongoDB holds them equal */
export function valueIdentity(value: unknown): string {
  return encodedValue(value).toString('latin1');
}
