import { type Document, serialize } from 'bson';

const elementTypes = { document: 0x03, array: 0x04 } as const;

/** One field of a document, in bytes. */
function element(type: number, name: string, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), value]);
}

/** A document from the bytes of its fields. */
function documentOf(fields: readonly Uint8Array[]): Buffer {
  const length = fields.reduce((sum, field) => sum + field.length, 5);
  const head = Buffer.alloc(4);
  head.writeInt32LE(length);
  return Buffer.concat([head, ...fields, Buffer.alloc(1)], length);
}

/** The bytes of a document's fields, without its length and its end. */
function fieldsOf(document: Document): Uint8Array {
  return serialize(document).subarray(4, -1);
}

/** `{ cursor: { id, ns, firstBatch: […] }, ok: 1 }` around documents that stay as they are on disk. */
export function cursorAnswer(
  cursor: Document,
  batchName: 'firstBatch' | 'nextBatch',
  documents: readonly Uint8Array[],
): Buffer {
  const batch = documentOf(documents.map((bytes, at) => element(elementTypes.document, String(at), bytes)));
  const inner = documentOf([fieldsOf(cursor), element(elementTypes.array, batchName, batch)]);
  return documentOf([element(elementTypes.document, 'cursor', inner), fieldsOf({ ok: 1 })]);
}

/** Whether a document's first field is `_id`, where MongoDB keeps it. */
export function startsWithId(bytes: Uint8Array): boolean {
  return bytes[5] === 0x5f && bytes[6] === 0x69 && bytes[7] === 0x64 && bytes[8] === 0;
}
