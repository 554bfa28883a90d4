import { readDocument } from '../bson/read.ts';
import { showValue } from '../bson/show-value.ts';
import { type Document, isDocument, typeOf, type Value } from '../bson/value.ts';
import { type Answer, writeDocument } from '../bson/write.ts';
import { CommandError } from '../command-error.ts';
import type { Match } from '../query/find-matches.ts';
import type { IndexDefinition } from './index-definition.ts';
import { type IndexKey, indexKeys } from './index-keys.ts';
import { documentKey, recordIdOf, writeRecordId } from './keys.ts';
import type { Storage } from './storage.ts';

/** @see https://www.mongodb.com/docs/manual/reference/limits/ */
export const maxDocumentBytes = 16 * 1024 * 1024;

/** Each change is checked completely before any of it is written. Call within `Storage.write`. */
export class CollectionStore {
  readonly namespace: string;
  readonly id: number;
  readonly #storage: Storage;
  indexes: readonly IndexDefinition[];
  count: number;
  #nextRecord: number;
  /** What the catalog has to write at the end of the transaction. */
  changed: 'record' | 'count' | undefined;

  constructor(
    storage: Storage,
    options: { namespace: string; id: number; indexes: IndexDefinition[]; count: number; nextRecord: number },
  ) {
    this.#storage = storage;
    this.namespace = options.namespace;
    this.id = options.id;
    this.indexes = options.indexes;
    this.count = options.count;
    this.#nextRecord = options.nextRecord;
  }

  /** `undefined` if it is gone. */
  read(recordId: number): Buffer | undefined {
    return this.#storage.get(documentKey(this.id, recordId));
  }

  /**
   * @param bytes the document as it was sent, if it can be stored unchanged
   * @throws CommandError DuplicateKey, or another if the document cannot be indexed
   */
  insert(document: Document, bytes = writeDocument(document)): void {
    assertId(document.get('_id'));
    assertSize(bytes);
    const recordId = this.#nextRecord;
    const entries = this.indexes.map((index) => ({ index, keys: indexKeys(document, index, recordId) }));
    for (const { index, keys } of entries) this.#assertUnique(index, keys, recordId);
    for (const { index, keys } of entries) this.#addToIndex(index, keys, recordId);
    this.#storage.put(documentKey(this.id, recordId), bytes);
    this.#nextRecord++;
    this.#countBy(1);
  }

  /** @returns whether it changed @throws CommandError like an insert */
  replace({ recordId, bytes, document: before }: Match, after: Document): boolean {
    if (after === before) return false;
    const newBytes = writeDocument(after);
    if (newBytes.equals(bytes)) return false;
    assertSize(newBytes);
    const entries = this.indexes
      .filter(({ roots }) => [...roots].some((root) => before.get(root) !== after.get(root)))
      .map((index) => ({
        index,
        old: indexKeys(before, index, recordId),
        next: indexKeys(after, index, recordId),
      }));
    for (const { index, next } of entries) this.#assertUnique(index, next, recordId);
    for (const { index, old, next } of entries) {
      for (const { bytes: key } of notAmong(next, old)) this.#storage.remove(key);
      this.#addToIndex(index, notAmong(old, next), recordId, next.length > 1);
    }
    this.#storage.put(documentKey(this.id, recordId), newBytes);
    return true;
  }

  remove({ recordId, document }: Pick<Match, 'recordId' | 'document'>): void {
    for (const index of this.indexes)
      for (const key of indexKeys(document, index, recordId)) this.#storage.remove(key.bytes);
    this.#storage.remove(documentKey(this.id, recordId));
    this.#countBy(-1);
  }

  /** @throws CommandError DuplicateKey */
  buildIndexEntry(index: IndexDefinition, bytes: Buffer, recordId: number): void {
    const keys = indexKeys(readDocument(bytes, index.roots), index, recordId);
    this.#assertUnique(index, keys, recordId);
    this.#addToIndex(index, keys, recordId);
  }

  #addToIndex(
    { record }: IndexDefinition,
    keys: readonly IndexKey[],
    recordId: number,
    multikey = keys.length > 1,
  ): void {
    if (multikey && !record.multikey) {
      record.multikey = true;
      this.changed = 'record';
    }
    const value = record.unique ? writeRecordId(recordId) : nothing;
    for (const key of keys) this.#storage.put(key.bytes, value);
  }

  #assertUnique(index: IndexDefinition, keys: readonly IndexKey[], recordId: number): void {
    if (!index.record.unique) return;
    for (const key of keys) {
      const owner = this.#storage.get(key.bytes);
      if (owner !== undefined && recordIdOf(owner) !== recordId)
        throw duplicateKey(this.namespace, index, key);
    }
  }

  #countBy(change: number): void {
    this.count += change;
    this.changed ??= 'count';
  }
}

const nothing = Buffer.alloc(0);

function notAmong(others: readonly IndexKey[], keys: readonly IndexKey[]): IndexKey[] {
  const there = new Set(others.map(({ bytes }) => bytes.toString('latin1')));
  return keys.filter(({ bytes }) => !there.has(bytes.toString('latin1')));
}

/** @throws CommandError InvalidIdField, DollarPrefixedFieldName */
function assertId(id: Value | undefined): void {
  const type = id === undefined ? 'undefined' : typeOf(id);
  if (['array', 'regex', 'undefined'].includes(type))
    throw new CommandError('InvalidIdField', `The '_id' value cannot be of type ${type}`);
  const dollar = isDocument(id) && [...id.keys()].find((name) => name.startsWith('$'));
  if (dollar)
    throw new CommandError('DollarPrefixedFieldName', `The field '${dollar}' is not allowed within '_id'`);
}

function assertSize(bytes: Uint8Array): void {
  if (bytes.length > maxDocumentBytes)
    throw new CommandError(
      'BSONObjectTooLarge',
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${maxDocumentBytes}`,
    );
}

/** @see https://www.mongodb.com/docs/manual/core/index-unique/ for MongoDB's answer to a duplicate */
function duplicateKey(
  namespace: string,
  { record, fields }: IndexDefinition,
  { values }: IndexKey,
): CommandError {
  const shown = fields.map(({ path }, at) => `${path}: ${showValue(values[at])}`);
  const keyValue: Answer = Object.fromEntries(
    fields.map(({ path }, at) => {
      const value = values[at];
      return [path, value === undefined || typeof value === 'symbol' ? null : value];
    }),
  );
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${record.name} dup key: { ${shown.join(', ')} }`,
    { keyPattern: record.key, keyValue },
  );
}
