import { isUtf8 } from 'node:buffer';
import { bsonTypes, eachField, malformed } from './raw-document.ts';

/**
 * Looks through a document that a client sent, so that what is kept can be read again.
 *
 * @throws BSONError when it is malformed at any depth, or a text is not UTF-8
 */
export function assertWellFormed(bytes: Buffer): void {
  eachField(bytes, (start, nameEnd, end) => {
    const at = nameEnd + 1;
    switch (bytes[start]) {
      case bsonTypes.string:
      case bsonTypes.symbol:
      case bsonTypes.code:
        if (bytes[end - 1] !== 0 || !isText(bytes, at + 4, end - 1)) throw malformed();
        break;
      case bsonTypes.document:
      case bsonTypes.array:
        assertWellFormed(bytes.subarray(at, end));
        break;
      case bsonTypes.boolean:
        if ((bytes[at] ?? 0) > 1) throw malformed();
        break;
    }
  });
}

function isText(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) > 0x7f) return isUtf8(bytes.subarray(at, end));
  return true;
}
