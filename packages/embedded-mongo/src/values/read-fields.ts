import { type Document, Double, deserialize, Int32, Long, ObjectId } from 'bson';
import type { FieldNames } from './field-names.ts';
import { setField } from './is-document.ts';
import { bsonTypes, eachField, int32At } from './raw-document.ts';

/** A document with every value as its BSON type, so that it can be written again exactly as it was. */
export function readDocument(bytes: Uint8Array): Document {
  return deserialize(bytes, { promoteValues: false, bsonRegExp: true });
}

/** Some fields of a document, as `readDocument` would give them, without reading the others. */
export function readFields(bytes: Buffer, names: FieldNames): Document {
  const document = {};
  eachField(bytes, (start, nameEnd, end) => {
    const name = names.find(bytes, start + 1, nameEnd);
    if (name !== undefined) setField(document, name, readValue(bytes, start, nameEnd + 1, end));
  });
  return document;
}

/** The value of one field: `at` is where it begins, `start` where its type stands. */
export function readValue(bytes: Buffer, start: number, at: number, end: number): unknown {
  switch (bytes[start]) {
    case bsonTypes.string:
      return bytes.toString('utf8', at + 4, end - 1);
    case bsonTypes.int:
      return new Int32(int32At(bytes, at));
    case bsonTypes.double:
      return new Double(bytes.readDoubleLE(at));
    case bsonTypes.long:
      return new Long(int32At(bytes, at), int32At(bytes, at + 4));
    case bsonTypes.date:
      return new Date(int32At(bytes, at + 4) * 2 ** 32 + (int32At(bytes, at) >>> 0));
    case bsonTypes.boolean:
      return bytes[at] === 1;
    case bsonTypes.null:
      return null;
    case bsonTypes.objectId:
      return new ObjectId(Uint8Array.prototype.slice.call(bytes, at, end));
    default:
      return readOther(bytes.subarray(at, end), bytes[start] ?? 0);
  }
}

/** Any value, as that of the only field of a document. */
function readOther(value: Buffer, type: number): unknown {
  const document = Buffer.alloc(value.length + 7);
  document.writeInt32LE(document.length, 0);
  document[4] = type;
  document.set(value, 6);
  return readDocument(document)[''];
}
