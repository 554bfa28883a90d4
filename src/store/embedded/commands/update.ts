import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { parseOrder } from '../query/sort-order.ts';
import { updateMatch, upsert } from '../update/update-match.ts';
import { parseUpdate } from '../update/updater.ts';
import { assertUpsertFilter } from '../update/upsert-base.ts';
import { readDocument } from '../values/read-fields.ts';
import {
  assertCollation,
  type Command,
  type CommandContext,
  documentField,
  listOf,
  namespaceOf,
} from './command.ts';
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
    const total = { n: 0, nModified: 0 };
    const upserted: Document[] = [];
    const writeErrors = runStatements(statements, context.command.ordered !== false, (item, index) => {
      const result = updateStatement(context, readStatement(item, statementFields));
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

/** One statement of an update or delete. @throws CommandError UnknownField */
export function readStatement(item: unknown, known: ReadonlySet<string>): Document {
  const statement = item instanceof Uint8Array ? readDocument(item) : documentField(item, 'statement');
  for (const field of Object.keys(statement))
    if (!known.has(field))
      throw new CommandError('UnknownField', `BSON field 'statement.${field}' is an unknown field.`);
  assertCollation(statement.collation);
  return statement;
}

function updateStatement(
  context: CommandContext,
  { q, u, c, multi, upsert: upserts, arrayFilters, hint, sort }: Document,
): { n: number; nModified: number; upserted?: unknown } {
  const { engine, now } = context;
  const namespace = namespaceOf(context);
  const variables = { ...documentField(context.command.let, 'let'), ...documentField(c, 'c') };
  const filter = compileFilter(documentField(q, 'q'), variables);
  if (upserts === true) assertUpsertFilter(q);
  const updater = parseUpdate(u, { conditions: filter.conditions, arrayFilters, variables });
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
