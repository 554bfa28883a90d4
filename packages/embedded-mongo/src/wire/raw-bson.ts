import { bsonTypes } from '../values/raw-document.ts';

/** Bytes of a document around its fields: its length and its end. */
const documentFrame = 5;
/** Bytes of a field beside its name and value: its type, and the end of its name. */
const fieldFrame = 2;

/** The part of a `cursor` that is not documents. */
type Cursor = { id: number; ns: string };

/** `{ cursor: { id, ns, firstBatch: […] }, ok: 1 }` around documents that stay as they are on disk. */
export function cursorAnswer(
  { id, ns }: Cursor,
  batchName: 'firstBatch' | 'nextBatch',
  documents: readonly Uint8Array[],
): Buffer {
  const namespaceSize = Buffer.byteLength(ns) + 1;
  const batchSize = documents.reduce(
    (sum, { length }, at) => sum + fieldFrame + String(at).length + length,
    documentFrame,
  );
  const cursorSize =
    documentFrame +
    (fieldFrame + 'id'.length + 8) +
    (fieldFrame + 'ns'.length + 4 + namespaceSize) +
    (fieldFrame + batchName.length + batchSize);
  const size = documentFrame + (fieldFrame + 'cursor'.length + cursorSize) + (fieldFrame + 'ok'.length + 4);

  const answer = Buffer.allocUnsafe(size);
  let at = answer.writeInt32LE(size, 0);
  const begin = (type: number, name: string) => {
    answer[at++] = type;
    at += answer.write(name, at, 'latin1');
    answer[at++] = 0;
  };
  const int32 = (value: number) => {
    at = answer.writeInt32LE(value, at);
  };
  begin(bsonTypes.document, 'cursor');
  int32(cursorSize);
  begin(bsonTypes.long, 'id');
  at = answer.writeBigInt64LE(BigInt(id), at);
  begin(bsonTypes.string, 'ns');
  int32(namespaceSize);
  at += answer.write(ns, at);
  answer[at++] = 0;
  begin(bsonTypes.array, batchName);
  int32(batchSize);
  documents.forEach((bytes, index) => {
    begin(bsonTypes.document, String(index));
    answer.set(bytes, at);
    at += bytes.length;
  });
  answer[at++] = 0;
  answer[at++] = 0;
  begin(bsonTypes.int, 'ok');
  int32(1);
  answer[at] = 0;
  return answer;
}

/** Whether a document's first field is `_id`, where MongoDB keeps it. */
export function startsWithId(bytes: Uint8Array): boolean {
  return bytes[5] === 0x5f && bytes[6] === 0x69 && bytes[7] === 0x64 && bytes[8] === 0;
}
