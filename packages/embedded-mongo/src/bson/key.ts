import { unsupported } from '../command-error.ts';
import { ByteWriter } from './byte-writer.ts';
import {
  bsonTypes,
  type Document,
  Double,
  isDocument,
  isNumeric,
  type Numeric,
  type RawValue,
  type TypeName,
  toNumber,
  typeOf,
  type Value,
} from './value.ts';

/**
 * MongoDB's order of types; a number is also the first byte of an encoded value.
 * @see https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 */
const typeOrder: Record<TypeName | 'emptyArray', number> = {
  minKey: 0x01,
  emptyArray: 0x05,
  undefined: 0x0a,
  null: 0x0a,
  int: 0x10,
  long: 0x10,
  double: 0x10,
  decimal: 0x10,
  string: 0x18,
  symbol: 0x18,
  object: 0x20,
  array: 0x28,
  binData: 0x30,
  objectId: 0x38,
  bool: 0x40,
  date: 0x48,
  timestamp: 0x50,
  regex: 0x58,
  dbPointer: 0x60,
  javascript: 0x68,
  javascriptWithScope: 0x70,
  maxKey: 0xf0,
};

/** In a sort or an index an empty array comes before null. */
export const emptyArray: unique symbol = Symbol('empty array');
/** It is `undefined` when the value is missing, which counts as null. */
export type KeyValue = Value | undefined | typeof emptyArray;

export function orderOf(value: KeyValue): number {
  if (value === undefined) return typeOrder.null;
  return typeOrder[value === emptyArray ? 'emptyArray' : typeOf(value as Value)];
}

export function orderOfType(name: string): number | undefined {
  return new Map(Object.entries(typeOrder)).get(name);
}

/**
 * Comparing bytes compares values as MongoDB does, across types; no value's bytes are a prefix of another's.
 * @throws CommandError BadValue for a type that cannot be compared
 */
export function encodeValue(writer: ByteWriter, value: KeyValue): void {
  writer.byte(orderOf(value));
  if (value !== undefined && value !== emptyArray) encodeContent(writer, value as Value);
}

function encodeContent(writer: ByteWriter, value: Value): void {
  if (typeof value === 'string') encodeText(writer, value);
  else if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Double)
    encodeNumber(writer, value);
  else if (typeof value === 'boolean') writer.byte(value ? 1 : 0);
  else if (value instanceof Date) encodeInt64(writer, BigInt(value.getTime()));
  else if (Array.isArray(value)) {
    for (const item of value) encodeValue(writer, item);
    writer.byte(0);
  } else if (isDocument(value)) encodeDocument(writer, value);
  else if (value !== null) encodeRaw(writer, value);
}

/** Encodes first the type, then the name, then the value, as MongoDB compares documents. */
function encodeDocument(writer: ByteWriter, document: Document): void {
  for (const [name, value] of document) {
    writer.byte(orderOf(value));
    encodeText(writer, name);
    encodeContent(writer, value);
  }
  writer.byte(0);
}

function encodeRaw(writer: ByteWriter, value: RawValue): void {
  if (value.type !== bsonTypes.objectId && value.type !== bsonTypes.regex)
    throw unsupported(`comparing or indexing values of the type '${typeOf(value)}'`);
  writer.bytes(value.bytes);
}

/** A terminator sorts before any longer text: 00 is written as 00 FF, the terminator as 00 00. */
function encodeText(writer: ByteWriter, value: string): void {
  writer.text(value.includes('\0') ? '' : value);
  if (value.includes('\0'))
    for (const byte of Buffer.from(value)) {
      writer.byte(byte);
      if (byte === 0) writer.byte(0xff);
    }
  writer.byte(0);
  writer.byte(0);
}

/** Writes the greatest double that is not above the value, then by how much an int64 exceeds it. */
function encodeNumber(writer: ByteWriter, value: Numeric): void {
  const floor =
    typeof value === 'bigint' ? floorDouble(value) : value instanceof Double ? value.value : value;
  const at = writer.reserve(8);
  writer.buffer.writeDoubleBE(floor === 0 ? 0 : floor, at);
  if (Number.isNaN(floor)) writer.buffer.fill(0, at, at + 8);
  else if (floor < 0) invert(writer, at);
  else writer.buffer[at] = (writer.buffer[at] ?? 0) | 0x80;
  const above = typeof value === 'bigint' ? Number(value - BigInt(floor)) : 0;
  writer.byte(above >> 8);
  writer.byte(above & 0xff);
}

const view = new DataView(new ArrayBuffer(8));

function floorDouble(value: bigint): number {
  const nearest = Number(value);
  if (BigInt(nearest) <= value) return nearest;
  view.setFloat64(0, nearest);
  view.setBigInt64(0, view.getBigInt64(0) + (nearest > 0 ? -1n : 1n));
  return view.getFloat64(0);
}

function encodeInt64(writer: ByteWriter, value: bigint): void {
  const at = writer.reserve(8);
  writer.buffer.writeBigUInt64BE(BigInt.asUintN(64, value) ^ (1n << 63n), at);
}

export function invert(writer: ByteWriter, start: number): void {
  for (let at = start; at < writer.length; at++) writer.buffer[at] = ~(writer.buffer[at] ?? 0) & 0xff;
}

const scratch = new ByteWriter();

export function encodedValue(value: KeyValue): Buffer {
  scratch.length = 0;
  encodeValue(scratch, value);
  return scratch.copy();
}

/** The text is equal for two values exactly if MongoDB treats them as equal. */
export function valueIdentity(value: Value | undefined): string {
  return encodedValue(value).toString('latin1');
}

/** Compares in MongoDB's order, across types; a missing value is null. */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  const types = orderOf(a) - orderOf(b);
  if (types !== 0) return types;
  if (isNumeric(a) && isNumeric(b) && typeof a !== 'bigint' && typeof b !== 'bigint') {
    const [x, y] = [toNumber(a), toNumber(b)];
    if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y || 0;
  }
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  return Buffer.compare(encodedValue(a), encodedValue(b));
}

/** Here 1 equals 1.0, and documents must have the same order of fields. */
export function equalValues(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return false;
  return compareValues(a, b) === 0;
}
