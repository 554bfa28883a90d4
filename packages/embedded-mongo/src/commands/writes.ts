import { expectDocument } from '../bson/expect-type.ts';
import { readDocument } from '../bson/read.ts';
import type { Document, Value } from '../bson/value.ts';
import { newObjectId } from '../bson/value.ts';
import type { Answer } from '../bson/write.ts';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import type { CollectionStore } from '../storage/collection-store.ts';
import { updateMatch, upsert } from '../update/update-match.ts';
import { parseUpdate } from '../update/updater.ts';
import {
  assertOptions,
  type Command,
  type CommandContext,
  countOption,
  documentOption,
  flagOption,
  listOf,
  namespaceOf,
} from './command.ts';

export const insert: Command = {
  writes: true,
  options: ['documents', 'ordered'],
  run(context) {
    const collection = context.engine.collectionFor(namespaceOf(context));
    let n = 0;
    const errors = runItems(context, 'documents', (document, _, bytes) => {
      insertDocument(collection, document, bytes);
      n++;
    });
    return { n, ...errors };
  },
};

/** @param bytes the document as it was sent, if it came as bytes */
export function insertDocument(collection: CollectionStore, document: Document, bytes?: Buffer): void {
  const [first] = document.keys();
  if (first === '_id') collection.insert(document, bytes);
  else collection.insert(new Map([['_id', document.get('_id') ?? newObjectId()], ...document]));
}

const deleteOptions = ['q', 'limit'];

export const deleteCommand: Command = {
  writes: true,
  options: ['deletes', 'ordered'],
  itemOptions: deleteOptions,
  run(context) {
    const { engine } = context;
    const namespace = namespaceOf(context);
    let n = 0;
    const errors = runItems(context, 'deletes', (statement) => {
      assertOptions(statement, 'deletes', deleteOptions);
      const limit = countOption(statement, 'limit', -1);
      if (limit !== 0 && limit !== 1)
        throw new CommandError('FailedToParse', 'The limit field in delete objects must be 0 or 1');
      const filter = compileFilter(documentOption(statement, 'q'));
      // All are found before the first is removed, so that the search does not see its own removals.
      for (const match of [...engine.find(namespace, { filter, order: [], skip: 0, limit })]) {
        engine.existing(namespace).remove(match);
        n++;
      }
    });
    return { n, ...errors };
  },
};

const updateOptions = ['q', 'u', 'multi', 'upsert'];

export const update: Command = {
  writes: true,
  options: ['updates', 'ordered'],
  itemOptions: updateOptions,
  run(context) {
    const total = { n: 0, nModified: 0 };
    const upserted: { index: number; _id: Value | undefined }[] = [];
    const errors = runItems(context, 'updates', (item, index) => {
      const result = updateStatement(context, item);
      total.n += result.n;
      total.nModified += result.nModified;
      if (result.upserted !== undefined) upserted.push({ index, _id: result.upserted });
    });
    return { ...total, ...(upserted.length > 0 && { upserted }), ...errors };
  },
};

function updateStatement(
  context: CommandContext,
  statement: Document,
): { n: number; nModified: number; upserted?: Value | undefined } {
  assertOptions(statement, 'updates', updateOptions);
  const { engine, now } = context;
  const namespace = namespaceOf(context);
  const filter = compileFilter(documentOption(statement, 'q'));
  const updater = parseUpdate(statement.get('u'));
  const multi = flagOption(statement, 'multi');
  if (multi && updater.isReplacement)
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
  // All are found before the first is changed, since a change may move a document to where it would be found again.
  const found = [...engine.find(namespace, { filter, order: [], skip: 0, limit: multi ? 0 : 1 })];
  if (found.length === 0) {
    if (!flagOption(statement, 'upsert')) return { n: 0, nModified: 0 };
    const document = upsert(engine.collectionFor(namespace), filter.conditions, updater, now);
    return { n: 1, nModified: 0, upserted: document.get('_id') };
  }
  const collection = engine.existing(namespace);
  let nModified = 0;
  for (const match of found) if (updateMatch(collection, match, updater, now).modified) nModified++;
  return { n: found.length, nModified };
}

/** Runs items one after the other. Errors are reported by position; `ordered` stops at the first. */
function runItems(
  context: CommandContext,
  field: string,
  run: (item: Document, index: number, bytes: Buffer | undefined) => void,
): { writeErrors?: Answer[] } {
  const ordered = flagOption(context.command, 'ordered', true);
  const writeErrors: Answer[] = [];
  for (const [index, item] of listOf(context, field).entries()) {
    try {
      run(toDocument(item, field), index, Buffer.isBuffer(item) ? item : undefined);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.details });
      if (ordered) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

export function toDocument(item: Value | Buffer, field: string): Document {
  return Buffer.isBuffer(item) ? readDocument(item) : expectDocument(item, `each of '${field}'`);
}
