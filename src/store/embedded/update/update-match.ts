import { type Document, ObjectId, serialize } from 'bson';
import { CommandError } from '../command-error.ts';
import { assertId } from '../commands/insert.ts';
import type { Condition } from '../query/filter.ts';
import { type Match, readDocument } from '../query/find-matches.ts';
import type { CollectionStore } from '../storage/collection-store.ts';
import { equalValues } from '../values/compare-values.ts';
import { showValue } from '../values/show-value.ts';
import type { Updater } from './updater.ts';
import { upsertBase } from './upsert-base.ts';

/** Updates a document that was found. @returns it as it is now, and whether that differs from before */
export function updateMatch(
  collection: CollectionStore,
  match: Match,
  updater: Updater,
  now: Date,
): { document: Document; modified: boolean } {
  const { document, touched } = updater.apply(readDocument(match.bytes), { inserting: false, now });
  const bytes = serialize(document, { ignoreUndefined: false });
  if (match.bytes.equals(bytes)) return { document, modified: false };
  if (!equalValues(document._id, match.document._id))
    throw new CommandError(
      'ImmutableField',
      `Performing an update on the path '_id' would modify the immutable field '_id' to ${showValue(document._id)}`,
    );
  collection.replace(match.recordId, match.document, document, bytes, touched);
  return { document, modified: true };
}

/** Inserts what an update that found nothing stands for. @returns the new document */
export function upsert(
  collection: CollectionStore,
  conditions: readonly Condition[],
  updater: Updater,
  now: Date,
): Document {
  const base = upsertBase(conditions, updater.kind === 'replacement');
  const { _id: wanted } = base;
  const { _id = new ObjectId(), ...rest } = updater.apply(base, { inserting: true, now }).document;
  if (wanted !== undefined && !equalValues(_id, wanted))
    throw new CommandError(
      'ImmutableField',
      `the immutable field '_id' was found to have been altered to ${showValue(_id)}`,
    );
  assertId(_id);
  const document = { _id, ...rest };
  collection.insert(document, serialize(document, { ignoreUndefined: false }));
  return document;
}
