import { BSONError } from 'bson';

/** The first byte of a field in BSON. @see https://bsonspec.org/spec.html */
export const bsonTypes = {
  double: 0x01,
  string: 0x02,
  document: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  boolean: 0x08,
  date: 0x09,
  null: 0x0a,
  regExp: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int: 0x10,
  timestamp: 0x11,
  long: 0x12,
  decimal: 0x13,
  minKey: 0xff,
  maxKey: 0x7f,
} as const;

/** Types whose values have as many bytes always. */
const fixedSizes = new Map<number, number>([
  [bsonTypes.double, 8],
  [bsonTypes.undefined, 0],
  [bsonTypes.objectId, 12],
  [bsonTypes.boolean, 1],
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

/** Told of a field: where it begins, where its name ends (a byte 0 stands there), and where its value ends. */
type Visit = (start: number, nameEnd: number, end: number) => void;

/**
 * Walks over the fields of a document, not into them, in the bytes that it is made of.
 *
 * @throws BSONError when they are no document
 */
export function eachField(bytes: Uint8Array, visit: Visit): void {
  const last = bytes.length - 1;
  if (last < 4 || int32At(bytes, 0) !== bytes.length || bytes[last] !== 0) throw malformed();
  let at = 4;
  while (at < last) {
    const nameEnd = endOfName(bytes, at + 1);
    const end = endOfValue(bytes, bytes[at] ?? 0, nameEnd + 1);
    if (end > last) throw malformed();
    visit(at, nameEnd, end);
    at = end;
  }
}

function endOfName(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== 0) if (++at >= bytes.length) throw malformed();
  return at;
}

function endOfValue(bytes: Uint8Array, type: number, at: number): number {
  const size = sizeOfType[type] ?? -1;
  if (size >= 0) return at + size;
  if (type === bsonTypes.regExp) return endOfName(bytes, endOfName(bytes, at) + 1) + 1;
  const length = int32At(bytes, at);
  if (length < 0) throw malformed();
  switch (type) {
    case bsonTypes.document:
    case bsonTypes.array:
    case bsonTypes.codeWithScope:
      if (length < 5) throw malformed();
      return at + length;
    case bsonTypes.string:
    case bsonTypes.code:
    case bsonTypes.symbol:
      if (length < 1) throw malformed();
      return at + 4 + length;
    case bsonTypes.binary:
      return at + 5 + length;
    case bsonTypes.dbPointer:
      return at + 4 + length + 12;
    default:
      throw malformed();
  }
}

/** A signed number of 32 bits, as BSON has it. */
export function int32At(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

export function malformed(): BSONError {
  return new BSONError('malformed BSON');
}
