import { randomBytes } from 'node:crypto';

/** @see https://bsonspec.org/spec.html */
export const bsonTypes = {
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binData: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  javascript: 0x0d,
  symbol: 0x0e,
  javascriptWithScope: 0x0f,
  int: 0x10,
  timestamp: 0x11,
  long: 0x12,
  decimal: 0x13,
  minKey: 0xff,
  maxKey: 0x7f,
} as const;

export type TypeName = keyof typeof bsonTypes;

/** This is a class, so that 1.0 stays a double. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export class RawValue {
  readonly type: number;
  readonly bytes: Buffer;
  constructor(type: number, bytes: Buffer) {
    this.type = type;
    this.bytes = bytes;
  }
}

/** Keeps the order of fields, even if their names are numbers. */
export type Document = Map<string, Value>;

/** An int32 is a number, an int64 a bigint. */
export type Value = null | boolean | string | number | bigint | Double | Date | RawValue | Value[] | Document;

export const isDocument = (value: unknown): value is Document => value instanceof Map;

export type Numeric = number | bigint | Double;

export const isNumeric = (value: unknown): value is Numeric =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Double;

/** The result is inexact for an int64 beyond 2^53. */
export const toNumber = (value: Numeric) => (value instanceof Double ? value.value : Number(value));

export const isRegex = (value: unknown): value is RawValue =>
  value instanceof RawValue && value.type === bsonTypes.regex;

const namesByType = new Map<number, TypeName>(
  Object.entries(bsonTypes).map(([name, type]) => [type, name as TypeName]),
);

export function typeOf(value: Value): TypeName {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'int';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'boolean') return 'bool';
  if (value === null) return 'null';
  if (value instanceof Double) return 'double';
  if (value instanceof Date) return 'date';
  if (Array.isArray(value)) return 'array';
  if (isDocument(value)) return 'object';
  return namesByType.get(value.type) ?? 'undefined';
}

const processId = randomBytes(5);
let counter = randomBytes(3).readUIntBE(0, 3);

/** @see https://www.mongodb.com/docs/manual/reference/bson-types/#objectid */
export function newObjectId(): RawValue {
  counter = (counter + 1) % 2 ** 24;
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(Math.floor(Date.now() / 1000), 0);
  processId.copy(bytes, 4);
  bytes.writeUIntBE(counter, 9, 3);
  return new RawValue(bsonTypes.objectId, bytes);
}
