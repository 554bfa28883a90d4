import { type Document, ObjectId } from 'bson';
import { CommandError } from '../command-error.ts';
import { assertId } from '../commands/insert.ts';
import type { Condition } from '../query/filter.ts';
import type { Match } from '../query/find-matches.ts';
import type { CollectionStore } from '../storage/collection-store.ts';
import { equalValues } from '../values/compare-values.ts';
import { FieldNames } from '../values/field-names.ts';
import { readDocument, readFields } from '../values/read-fields.ts';
import { showValue } from '../values/show-value.ts';
import { replaceFields } from '../values/slice-fields.ts';
import { writeDocument } from '../values/write-document.ts';
import type { Updater } from './updater.ts';
import { upsertBase } from './upsert-base.ts';

const idOnly = new FieldNames(['_id']);

/** Updates a document that was found. @returns it as it is now, and whether that differs from before */
export function updateMatch(
  collection: CollectionStore,
  match: Match,
  updater: Updater,
  now: Date,
): { bytes: Buffer; modified: boolean } {
  const { bytes, touched } = changed(match.bytes, updater, now);
  if (match.bytes.equals(bytes)) return { bytes, modified: false };
  collection.replace(match.recordId, match.bytes, bytes, touched);
  return { bytes, modified: true };
}

function changed(
  before: Buffer,
  { sets, apply }: Updater,
  now: Date,
): { bytes: Buffer; touched: ReadonlySet<string> | undefined } {
  if (sets !== undefined)
    return { bytes: replaceFields(before, sets.names, sets.elements), touched: sets.touched };
  const { document, touched } = apply(readDocument(before), { inserting: false, now });
  if (!equalValues(document._id, readFields(before, idOnly)._id))
    throw new CommandError(
      'ImmutableField',
      `Performing an update on the path '_id' would modify the immutable field '_id' to ${showValue(document._id)}`,
    );
  return { bytes: writeDocument(document), touched };
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
  collection.insert(writeDocument(document));
  return document;
}
