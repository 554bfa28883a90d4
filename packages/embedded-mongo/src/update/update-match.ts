import { equalValues } from '../bson/key.ts';
import { type Document, isRegex, newObjectId, type Value } from '../bson/value.ts';
import { badValue, CommandError } from '../command-error.ts';
import type { Condition } from '../query/filter.ts';
import type { Match } from '../query/find-matches.ts';
import type { CollectionStore } from '../storage/collection-store.ts';
import { changeAt } from './set-at.ts';
import type { Updater } from './updater.ts';

/** @returns the document as it is now, and whether it changed */
export function updateMatch(
  collection: CollectionStore,
  match: Match,
  updater: Updater,
  now: Date,
): { document: Document; modified: boolean } {
  const before = match.document;
  const after = withIdFirst(updater.apply(before, { inserting: false, now }), before.get('_id'));
  return { document: after, modified: collection.replace(match, after) };
}

/** @returns the document that was inserted */
export function upsert(
  collection: CollectionStore,
  conditions: readonly Condition[],
  updater: Updater,
  now: Date,
): Document {
  const base = upsertBase(conditions, updater.isReplacement);
  const document = withIdFirst(updater.apply(base, { inserting: true, now }), base.get('_id'));
  collection.insert(document);
  return document;
}

/** @throws CommandError ImmutableField if the update changed `_id` */
function withIdFirst(document: Document, id: Value | undefined): Document {
  const own = document.get('_id') ?? id ?? newObjectId();
  if (id !== undefined && !equalValues(own, id))
    throw new CommandError(
      'ImmutableField',
      `Performing an update on the path '_id' would modify the immutable field '_id'`,
    );
  const [first] = document.keys();
  return first === '_id' ? document : new Map([['_id', own], ...document]);
}

/** The document starts with the equality conditions of the filter. */
function upsertBase(conditions: readonly Condition[], onlyId: boolean): Document {
  let base: Document = new Map();
  for (const { path, operator, operand } of conditions)
    if (operator === '$eq' && !isRegex(operand) && (!onlyId || path === '_id'))
      base = changeAt(base, path, (value) => {
        if (value !== undefined) throw badValue(`cannot infer '${path}' of an upsert: it is matched twice`);
        return operand;
      });
  return base;
}
