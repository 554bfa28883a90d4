import { newObjectId } from '../bson/object-id.ts';
import { firstName } from '../bson/read.ts';
import type { Document } from '../bson/value.ts';
import { type Command, namespaceOf } from './command.ts';
import { runItems } from './statements.ts';

export const insert: Command = {
  writes: true,
  options: ['documents', 'ordered'],
  run(context) {
    const collection = context.engine.collectionFor(namespaceOf(context));
    let n = 0;
    const errors = runItems(context, 'documents', (document, _, bytes) => {
      if (bytes !== undefined && firstName(bytes) === '_id') collection.insert(document, bytes);
      else collection.insert(withIdFirst(document));
      n++;
    });
    return { n, ...errors };
  },
};

function withIdFirst(document: Document): Document {
  return new Map([['_id', document.get('_id') ?? newObjectId()], ...document]);
}
