import { isUtf8 } from 'node:buffer';
import { CommandError } from '../command-error.ts';
import { bsonTypes, type Document, Double, RawValue, type Value } from './value.ts';

/** MongoDB's maximum nesting of documents. */
const maxDepth = 180;

/** @param only the fields to read, by name; all by default @throws CommandError InvalidBSON */
export function readDocument(bytes: Buffer, only?: ReadonlySet<string>): Document {
  return readFields(bytes, 0, bytes.length, 0, only);
}

function readFields(
  bytes: Buffer,
  start: number,
  end: number,
  depth: number,
  only?: ReadonlySet<string>,
): Document {
  const document: Document = new Map();
  eachField(bytes, start, end, (type, nameAt, at, valueEnd) => {
    const name = text(bytes, nameAt, at - 1);
    if (only === undefined || only.has(name)) document.set(name, readValue(bytes, type, at, valueEnd, depth));
  });
  return document;
}

/** Ignores the names of elements, since their order counts. */
function readElements(bytes: Buffer, start: number, end: number, depth: number): Value[] {
  const values: Value[] = [];
  eachField(bytes, start, end, (type, _, at, valueEnd) => {
    values.push(readValue(bytes, type, at, valueEnd, depth));
  });
  return values;
}

type Visit = (type: number, nameAt: number, at: number, end: number) => void;

function eachField(bytes: Buffer, start: number, end: number, visit: Visit): void {
  const last = end - 1;
  if (end - start < 5 || bytes.readInt32LE(start) !== end - start || bytes[last] !== 0) throw malformed();
  let at = start + 4;
  while (at < last) {
    const type = bytes[at] ?? 0;
    const valueAt = endOfName(bytes, at + 1) + 1;
    const valueEnd = endOfValue(bytes, type, valueAt, last);
    if (valueEnd > last) throw malformed();
    visit(type, at + 1, valueAt, valueEnd);
    at = valueEnd;
  }
}

function endOfName(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] !== 0) if (++at >= bytes.length) throw malformed();
  return at;
}

const fixedSizes = new Map<number, number>([
  [bsonTypes.double, 8],
  [bsonTypes.undefined, 0],
  [bsonTypes.objectId, 12],
  [bsonTypes.bool, 1],
  [bsonTypes.date, 8],
  [bsonTypes.null, 0],
  [bsonTypes.int, 4],
  [bsonTypes.timestamp, 8],
  [bsonTypes.long, 8],
  [bsonTypes.decimal, 16],
  [bsonTypes.minKey, 0],
  [bsonTypes.maxKey, 0],
]);
const sizeOfType = Int8Array.from({ length: 256 }, (_, type) => fixedSizes.get(type) ?? -1);

/** Bytes of a value in addition to those that its length counts. */
const frames = new Map<number, { extra: number; min: number }>([
  [bsonTypes.object, { extra: 0, min: 5 }],
  [bsonTypes.array, { extra: 0, min: 5 }],
  [bsonTypes.javascriptWithScope, { extra: 0, min: 14 }],
  [bsonTypes.string, { extra: 4, min: 1 }],
  [bsonTypes.javascript, { extra: 4, min: 1 }],
  [bsonTypes.symbol, { extra: 4, min: 1 }],
  [bsonTypes.binData, { extra: 5, min: 0 }],
  [bsonTypes.dbPointer, { extra: 16, min: 1 }],
]);

function endOfValue(bytes: Buffer, type: number, at: number, last: number): number {
  const size = sizeOfType[type] ?? -1;
  if (size >= 0) return at + size;
  if (type === bsonTypes.regex) return endOfName(bytes, endOfName(bytes, at) + 1) + 1;
  const frame = frames.get(type);
  if (frame === undefined || at + 4 > last) throw malformed();
  const length = bytes.readInt32LE(at);
  if (length < frame.min) throw malformed();
  return at + frame.extra + length;
}

function readValue(bytes: Buffer, type: number, at: number, end: number, depth: number): Value {
  switch (type) {
    case bsonTypes.string:
      assertText(bytes, at + 4, end);
      return text(bytes, at + 4, end - 1);
    case bsonTypes.int:
      return bytes.readInt32LE(at);
    case bsonTypes.double:
      return new Double(bytes.readDoubleLE(at));
    case bsonTypes.long:
      return bytes.readBigInt64LE(at);
    case bsonTypes.date:
      return readDate(bytes.subarray(at, end));
    case bsonTypes.bool:
      if ((bytes[at] ?? 0) > 1) throw malformed();
      return bytes[at] === 1;
    case bsonTypes.null:
      return null;
    case bsonTypes.object:
    case bsonTypes.array: {
      if (depth >= maxDepth) throw malformed(`nested more than ${maxDepth} times`);
      const read = type === bsonTypes.object ? readFields : readElements;
      return read(bytes, at, end, depth + 1);
    }
    default:
      assertRaw(bytes, type, at, end, depth);
      return new RawValue(type, Buffer.from(bytes.subarray(at, end)));
  }
}

/** Dates beyond JavaScript's range stay bytes. */
function readDate(bytes: Buffer): Date | RawValue {
  const date = new Date(bytes.readInt32LE(4) * 2 ** 32 + bytes.readUInt32LE(0));
  return Number.isNaN(date.getTime()) ? new RawValue(bsonTypes.date, Buffer.from(bytes)) : date;
}

function assertRaw(bytes: Buffer, type: number, at: number, end: number, depth: number): void {
  if (type === bsonTypes.symbol || type === bsonTypes.javascript) assertText(bytes, at + 4, end);
  if (type === bsonTypes.dbPointer) assertText(bytes, at + 4, end - 12);
  if (type === bsonTypes.regex && !isUtf8(bytes.subarray(at, end))) throw malformed();
  if (type === bsonTypes.binData && bytes[at + 4] === 2) {
    const length = bytes.readInt32LE(at);
    if (length < 4 || bytes.readInt32LE(at + 5) !== length - 4) throw malformed();
  }
  if (type !== bsonTypes.javascriptWithScope) return;
  const scopeAt = at + 8 + bytes.readInt32LE(at + 4);
  if (scopeAt < at + 9 || scopeAt > end - 5) throw malformed();
  assertText(bytes, at + 8, scopeAt);
  readFields(bytes, scopeAt, end, depth + 1);
}

/** @param end the position after the byte 0 that ends the text */
function assertText(bytes: Buffer, start: number, end: number): void {
  if (bytes[end - 1] !== 0 || !isUtf8(bytes.subarray(start, end - 1))) throw malformed();
}

function text(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end);
}

function malformed(reason = 'a length, a type or a text is wrong'): CommandError {
  return new CommandError('InvalidBSON', `malformed BSON: ${reason}`);
}
