import { type Document, serialize } from 'bson';
import { toBuffer } from './to-buffer.ts';

/** The bytes of a document, of every field: also what is undefined, as null. */
export function writeDocument(document: Document): Buffer {
  return toBuffer(serialize(document, { ignoreUndefined: false }));
}
