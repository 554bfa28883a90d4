import { BSONRegExp, type Document, ObjectId, serialize } from 'bson';
import { CommandError } from '../command-error.ts';
import { readDocument } from '../query/find-matches.ts';
import { isDocument } from '../values/is-document.ts';
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
      const bytes = item instanceof Uint8Array ? item : serialize(toDocument(item));
      const document = readDocument(bytes);
      if (document._id !== undefined && startsWithId(bytes)) {
        assertId(document._id);
        collection.insert(document, bytes);
      } else {
        const { _id = new ObjectId(), ...rest } = document;
        assertId(_id);
        const complete = { _id, ...rest };
        collection.insert(complete, serialize(complete, { ignoreUndefined: false }));
      }
      n++;
    });
    return { n, ...(writeErrors.length > 0 && { writeErrors }) };
  },
};

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
