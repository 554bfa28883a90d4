import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { parseOrder } from '../query/sort-order.ts';
import { updateMatch, upsert } from '../update/update-match.ts';
import { parseUpdate, type Updater } from '../update/updater.ts';
import { assertUpsertFilter } from '../update/upsert-base.ts';
import { type Command, type CommandContext, documentField, listOf, namespaceOf } from './command.ts';
import { createStatementReader } from './read-statement.ts';
import { runStatements } from './write-result.ts';

const statementFields = new Set([
  'q',
  'u',
  'c',
  'multi',
  'upsert',
  'arrayFilters',
  'collation',
  'hint',
  'sort',
]);

export const update: Command = {
  writes: true,
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  run(context) {
    const statements = listOf(context, 'updates');
    const read = createStatementReader(statementFields);
    const parse = createUpdateParser();
    const total = { n: 0, nModified: 0 };
    const upserted: Document[] = [];
    const writeErrors = runStatements(statements, context.command.ordered !== false, (item, index) => {
      const result = updateStatement(context, read(item), parse);
      total.n += result.n;
      total.nModified += result.nModified;
      if (result.upserted !== undefined) upserted.push({ index, _id: result.upserted });
    });
    return {
      ...total,
      ...(upserted.length > 0 && { upserted }),
      ...(writeErrors.length > 0 && { writeErrors }),
    };
  },
};

/** Reads the updates of one command: a pipeline without variables is read once, since it depends on nothing else. */
function createUpdateParser(): typeof parseUpdate {
  let last: { u: unknown; updater: Updater } | undefined;
  return (u, options) => {
    const { arrayFilters, variables = {} } = options;
    const isAlone = arrayFilters === undefined && Object.keys(variables).length === 0;
    if (isAlone && last !== undefined && last.u === u) return last.updater;
    const updater = parseUpdate(u, options);
    if (isAlone && updater.kind === 'pipeline') last = { u, updater };
    return updater;
  };
}

function updateStatement(
  context: CommandContext,
  { q, u, c, multi, upsert: upserts, arrayFilters, hint, sort }: Document,
  parse: typeof parseUpdate,
): { n: number; nModified: number; upserted?: unknown } {
  const { engine, now } = context;
  const namespace = namespaceOf(context);
  const variables = { ...documentField(context.command.let, 'let'), ...documentField(c, 'c') };
  const filter = compileFilter(documentField(q, 'q'), variables);
  if (upserts === true) assertUpsertFilter(q);
  const updater = parse(u, { conditions: filter.conditions, arrayFilters, variables });
  engine.assertHint(namespace, hint);
  if (multi === true && updater.kind === 'replacement')
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
  if (multi === true && sort !== undefined)
    throw new CommandError('FailedToParse', 'Cannot specify sort with multi=true');
  const search = { filter, order: parseOrder(sort), skip: 0, limit: multi === true ? 0 : 1 };
  // All are found before the first is changed: a change may move a document to where it would be found once more.
  const found = [...engine.find(namespace, search)];
  if (found.length === 0) {
    if (upserts !== true) return { n: 0, nModified: 0 };
    const { _id } = upsert(engine.collectionFor(namespace), filter.conditions, updater, now);
    return { n: 1, nModified: 0, upserted: _id };
  }
  const collection = engine.existing(namespace);
  let nModified = 0;
  for (const match of found) if (updateMatch(collection, match, updater, now).modified) nModified++;
  return { n: found.length, nModified };
}
