import { readDocument } from '../bson/read.ts';
import { type Document, isDocument, typeOf, type Value } from '../bson/value.ts';
import { writeDocument } from '../bson/write.ts';
import { CommandError } from '../command-error.ts';
import type { Match } from '../query/find-matches.ts';
import type { IndexDefinition } from './index-definition.ts';
import { indexKeys } from './index-keys.ts';
import { documentKey, recordIdOf, storeRange, writeRecordId } from './keys.ts';
import type { Storage } from './storage.ts';

/** @see https://www.mongodb.com/docs/manual/reference/limits/ */
export const maxDocumentBytes = 16 * 1024 * 1024;

/** Each change is checked completely before any of it is written. Call within `Storage.write`. */
export class CollectionStore {
  readonly namespace: string;
  readonly id: number;
  readonly #storage: Storage;
  indexes: readonly IndexDefinition[];
  #nextRecord: number;
  /** True if the catalog has to write this collection's record. */
  isChanged = false;

  constructor(storage: Storage, namespace: string, id: number, indexes: readonly IndexDefinition[]) {
    this.#storage = storage;
    this.namespace = namespace;
    this.id = id;
    this.indexes = indexes;
    const [last] = storage.scan(storeRange(id), true);
    this.#nextRecord = last === undefined ? 1 : recordIdOf(last.key) + 1;
  }

  count(): number {
    return this.#storage.count(storeRange(this.id));
  }

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
      for (const key of notAmong(next, old)) this.#storage.remove(key);
      this.#addToIndex(index, notAmong(old, next), recordId, next.length > 1);
    }
    this.#storage.put(documentKey(this.id, recordId), newBytes);
    return true;
  }

  remove({ recordId, document }: Pick<Match, 'recordId' | 'document'>): void {
    for (const index of this.indexes)
      for (const key of indexKeys(document, index, recordId)) this.#storage.remove(key);
    this.#storage.remove(documentKey(this.id, recordId));
  }

  buildIndexEntry(index: IndexDefinition, bytes: Buffer, recordId: number): void {
    const keys = indexKeys(readDocument(bytes, index.roots), index, recordId);
    this.#assertUnique(index, keys, recordId);
    this.#addToIndex(index, keys, recordId);
  }

  #addToIndex(
    { record }: IndexDefinition,
    keys: readonly Buffer[],
    recordId: number,
    multikey = keys.length > 1,
  ): void {
    if (multikey && !record.multikey) {
      record.multikey = true;
      this.isChanged = true;
    }
    const value = record.unique ? writeRecordId(recordId) : nothing;
    for (const key of keys) this.#storage.put(key, value);
  }

  /** Unlike MongoDB's, the error does not show the value, which may be secret. */
  #assertUnique({ record }: IndexDefinition, keys: readonly Buffer[], recordId: number): void {
    if (!record.unique) return;
    for (const key of keys) {
      const owner = this.#storage.get(key);
      if (owner === undefined || recordIdOf(owner) === recordId) continue;
      const message = `E11000 duplicate key error collection: ${this.namespace} index: ${record.name}`;
      throw new CommandError('DuplicateKey', message, { keyPattern: record.key });
    }
  }
}

const nothing = Buffer.alloc(0);

function notAmong(others: readonly Buffer[], keys: readonly Buffer[]): Buffer[] {
  const there = new Set(others.map((key) => key.toString('latin1')));
  return keys.filter((key) => !there.has(key.toString('latin1')));
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
