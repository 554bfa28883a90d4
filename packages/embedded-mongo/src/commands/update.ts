import type { Document, Value } from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { updateMatch, upsert } from '../update/update-match.ts';
import { parseUpdate } from '../update/updater.ts';
import {
  assertOptions,
  type Command,
  type CommandContext,
  documentOption,
  flagOption,
  namespaceOf,
} from './command.ts';
import { runItems } from './statements.ts';

const itemOptions = ['q', 'u', 'multi', 'upsert'];

export const update: Command = {
  writes: true,
  options: ['updates', 'ordered'],
  itemOptions,
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
  assertOptions(statement, 'updates', itemOptions);
  const { engine, now } = context;
  const namespace = namespaceOf(context);
  const filter = compileFilter(documentOption(statement, 'q'));
  const updater = parseUpdate(statement.get('u'));
  const multi = flagOption(statement, 'multi');
  if (multi && updater.isReplacement)
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
  // All are found before the first is changed: a change may move a document to where it would be found once more.
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
