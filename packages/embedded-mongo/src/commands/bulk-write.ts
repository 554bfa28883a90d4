import { expectDocument, expectText } from '../bson/expect-type.ts';
import type { Document } from '../bson/value.ts';
import type { Answer } from '../bson/write.ts';
import { badValue, CommandError, unsupported } from '../command-error.ts';
import {
  assertOptions,
  type Command,
  type CommandContext,
  countOption,
  flagOption,
  listOf,
  toNamespace,
} from './command.ts';
import { insertDocument, toDocument } from './writes.ts';

const insertOptions = ['insert', 'document'];

/**
 * Inserts into several collections.
 * @see https://www.mongodb.com/docs/manual/reference/command/bulkWrite/
 */
export const bulkWrite: Command = {
  writes: true,
  options: ['ops', 'nsInfo', 'ordered', 'errorsOnly', 'bypassDocumentValidation'],
  itemOptions: insertOptions,
  run(context) {
    const { command, database } = context;
    if (database !== 'admin')
      throw new CommandError('Unauthorized', 'bulkWrite may only be run against the admin database.');
    const ordered = flagOption(command, 'ordered', true);
    const errorsOnly = flagOption(command, 'errorsOnly');
    const namespaces = readNamespaces(context);
    // All are checked before the first is done.
    const inserts = listOf(context, 'ops').map((item) => readInsert(toDocument(item, 'ops'), namespaces));
    const results: Answer[] = [];
    let nInserted = 0;
    let nErrors = 0;
    for (const [idx, { namespace, document }] of inserts.entries()) {
      try {
        insertDocument(context.engine.collectionFor(namespace), document);
        nInserted++;
        if (!errorsOnly) results.push({ ok: 1, idx, n: 1 });
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        nErrors++;
        results.push({ ok: 0, idx, code: error.code, errmsg: error.message, ...error.details, n: 0 });
        if (ordered) break;
      }
    }
    return {
      cursor: { id: 0n, ns: 'admin.$cmd.bulkWrite', firstBatch: results },
      nErrors,
      nInserted,
      nMatched: 0,
      nModified: 0,
      nUpserted: 0,
      nDeleted: 0,
    };
  },
};

function readNamespaces(context: CommandContext): string[] {
  return listOf(context, 'nsInfo').map((item) => {
    const info = toDocument(item, 'nsInfo');
    assertOptions(info, 'nsInfo', ['ns']);
    const [database = '', ...collection] = expectText(info.get('ns'), "'ns'").split('.');
    return toNamespace(database, collection.join('.'));
  });
}

/** @throws CommandError for anything but an insert */
function readInsert(
  operation: Document,
  namespaces: readonly string[],
): { namespace: string; document: Document } {
  const [kind] = operation.keys();
  if (kind !== 'insert') throw unsupported(`'${kind}' in bulkWrite`);
  assertOptions(operation, 'ops', insertOptions);
  const namespace = namespaces[countOption(operation, 'insert', -1)];
  if (namespace === undefined) throw badValue('an operation of bulkWrite has no valid nsInfo index');
  return { namespace, document: expectDocument(operation.get('document'), "'document'") };
}
