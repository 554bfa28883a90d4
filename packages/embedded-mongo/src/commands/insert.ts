import { BSONRegExp, type Document, ObjectId, serialize } from 'bson';
import { CommandError } from '../command-error.ts';
import { assertWellFormed } from '../values/assert-well-formed.ts';
import { isDocument } from '../values/is-document.ts';
import { bsonTypes } from '../values/raw-document.ts';
import { readDocument } from '../values/read-fields.ts';
import { toBuffer } from '../values/to-buffer.ts';
import { writeDocument } from '../values/write-document.ts';
import { startsWithId } from '../wire/raw-bson.ts';
import { type Command, listOf, namespaceOf } from './command.ts';
import { runStatements } from './write-result.ts';

export const insert: Command = {
  writes: true,
  fields: ['documents', 'ordered', 'bypassDocumentValidation'],
  run(context) {
    const documents = listOf(context, 'documents');
    const collection = context.engine.collectionFor(namespaceOf(context));
    let n = 0;
    const writeErrors = runStatements(documents, context.command.ordered !== false, (item) => {
      collection.insert(
        withId(item instanceof Uint8Array ? sentBytes(item) : toBuffer(serialize(toDocument(item)))),
      );
      n++;
    });
    return { n, ...(writeErrors.length > 0 && { writeErrors }) };
  },
};

function sentBytes(bytes: Uint8Array): Buffer {
  const buffer = toBuffer(bytes);
  assertWellFormed(buffer);
  return buffer;
}

/** Types of an `_id` that make the document another, or are refused. */
const oddIdTypes = new Set<number | undefined>([bsonTypes.undefined, bsonTypes.array, bsonTypes.regExp]);

/** The document with an `_id`, and that first. */
function withId(bytes: Buffer): Buffer {
  if (startsWithId(bytes) && !oddIdTypes.has(bytes[4])) return bytes;
  const { _id = new ObjectId(), ...rest } = readDocument(bytes);
  assertId(_id);
  return writeDocument({ _id, ...rest });
}

function toDocument(item: unknown): Document {
  if (!isDocument(item)) throw new CommandError('TypeMismatch', 'a document to insert has to be a document');
  return item;
}

/** @throws CommandError InvalidIdField: an array cannot be an `_id`, nor a pattern */
export function assertId(id: unknown): void {
  if (Array.isArray(id) || id instanceof BSONRegExp || id === undefined)
    throw new CommandError(
      'InvalidIdField',
      `The '_id' value cannot be of type ${Array.isArray(id) ? 'array' : 'regex'}`,
    );
}
