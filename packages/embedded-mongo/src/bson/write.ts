import { ByteWriter } from './byte-writer.ts';
import { bsonTypes, type Document, Double, isDocument, RawValue, type Value } from './value.ts';

/** Contains values, JavaScript objects, and documents that are already bytes. */
export type Answer = { readonly [name: string]: AnswerValue };
type AnswerValue = Value | undefined | Uint8Array | readonly AnswerValue[] | Answer;

const writer = new ByteWriter();
const maxKeptBytes = 2 ** 20;

/** Omits fields that are `undefined`. */
export function writeDocument(document: Document | Answer): Buffer {
  writer.length = 0;
  writeFields(isDocument(document) ? document : Object.entries(document));
  const bytes = writer.copy();
  if (writer.buffer.length > maxKeptBytes) writer.buffer = Buffer.allocUnsafe(1024);
  return bytes;
}

function writeFields(fields: Iterable<[string, AnswerValue]>): void {
  const start = writer.reserve(4);
  for (const [name, value] of fields) if (value !== undefined) writeField(name, value);
  writer.byte(0);
  writer.buffer.writeInt32LE(writer.length - start, start);
}

function writeField(name: string, value: Exclude<AnswerValue, undefined>): void {
  const typeAt = writer.reserve(1);
  writer.text(name);
  writer.byte(0);
  const type = writeValue(value);
  writer.buffer[typeAt] = type;
}

/** @returns the type of what was written */
function writeValue(value: Exclude<AnswerValue, undefined>): number {
  if (typeof value === 'string') return writeText(value);
  if (typeof value === 'number') return (value | 0) === value ? writeInt(value) : writeDouble(value);
  if (typeof value === 'bigint') return writeLong(value, bsonTypes.long);
  if (value === null) return bsonTypes.null;
  if (typeof value === 'boolean') {
    writer.byte(value ? 1 : 0);
    return bsonTypes.bool;
  }
  if (value instanceof Double) return writeDouble(value.value);
  if (value instanceof Date) return writeLong(BigInt(value.getTime()), bsonTypes.date);
  if (value instanceof RawValue || value instanceof Uint8Array) {
    writer.bytes(value instanceof RawValue ? value.bytes : value);
    return value instanceof RawValue ? value.type : bsonTypes.object;
  }
  if (Array.isArray(value)) {
    writeFields(indexed(value));
    return bsonTypes.array;
  }
  writeFields(isDocument(value) ? value : Object.entries(value));
  return bsonTypes.object;
}

function* indexed(values: readonly AnswerValue[]): Generator<[string, AnswerValue]> {
  for (let at = 0; at < values.length; at++) yield [String(at), values[at]];
}

function writeText(value: string): number {
  const start = writer.reserve(4);
  writer.text(value);
  writer.byte(0);
  writer.buffer.writeInt32LE(writer.length - start - 4, start);
  return bsonTypes.string;
}

function writeInt(value: number): number {
  const at = writer.reserve(4);
  writer.buffer.writeInt32LE(value, at);
  return bsonTypes.int;
}

function writeDouble(value: number): number {
  const at = writer.reserve(8);
  writer.buffer.writeDoubleLE(value, at);
  return bsonTypes.double;
}

function writeLong(value: bigint, type: number): number {
  const at = writer.reserve(8);
  writer.buffer.writeBigInt64LE(value, at);
  return type;
}
