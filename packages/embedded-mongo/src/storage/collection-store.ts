import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { FieldNames } from '../values/field-names.ts';
import { readFields } from '../values/read-fields.ts';
import { showValue } from '../values/show-value.ts';
import type { IndexDefinition } from './index-definition.ts';
import { type IndexKeys, indexKeys } from './index-keys.ts';
import { tupleValue } from './index-values.ts';
import { documentKey, recordBytes, recordIdOf } from './keys.ts';
import type { Storage } from './storage.ts';

/** The largest document, in bytes. @see https://www.mongodb.com/docs/manual/reference/limits/ */
export const largestDocument = 16 * 1024 * 1024;

/**
 * A collection's documents and their index entries, kept in step. Each change is checked in full before anything of
 * it is written. To be called within `Storage.write`.
 */
export class CollectionStore {
  readonly namespace: string;
  readonly id: number;
  readonly #storage: Storage;
  #indexes: readonly IndexDefinition[] = [];
  /** The fields on which the indexes depend: no others are read of a document that is written. */
  #indexed = new FieldNames([]);
  count: number;
  #nextRecord: number;
  /** Whether the catalog has to write this collection's record, or only its count, at the end of the transaction. */
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

  get indexes(): readonly IndexDefinition[] {
    return this.#indexes;
  }

  set indexes(indexes: readonly IndexDefinition[]) {
    this.#indexes = indexes;
    this.#indexed = new FieldNames(indexes.flatMap(({ roots }) => [...roots]));
  }

  /** The document's bytes; `undefined` when it is gone. */
  read(recordId: number): Buffer | undefined {
    return this.#storage.get(documentKey(this.id, recordId));
  }

  /** @throws CommandError DuplicateKey, or another when the document cannot be indexed */
  insert(bytes: Buffer): void {
    assertSize(bytes);
    const recordId = this.#nextRecord;
    const document = readFields(bytes, this.#indexed);
    const entries = this.indexes.map((index) => ({ index, keys: indexKeys(document, index, recordId) }));
    for (const { index, keys } of entries) this.#assertUnique(index, keys, recordId);
    for (const { index, keys } of entries) this.addToIndex(index, keys, recordId);
    this.#storage.put(documentKey(this.id, recordId), bytes);
    this.#nextRecord++;
    this.#countBy(1);
  }

  /**
   * Puts a new version in the place of a document.
   *
   * @param touched the top-level fields that may differ; `undefined` when any may
   * @throws CommandError as for an insert
   */
  replace(recordId: number, before: Buffer, after: Buffer, touched?: ReadonlySet<string>): void {
    assertSize(after);
    const [oldFields, fields] = [readFields(before, this.#indexed), readFields(after, this.#indexed)];
    const entries = this.indexes
      .filter(({ roots }) => touched === undefined || [...roots].some((root) => touched.has(root)))
      .map((index) => ({
        index,
        old: indexKeys(oldFields, index, recordId),
        keys: indexKeys(fields, index, recordId),
      }));
    for (const { index, keys } of entries) this.#assertUnique(index, keys, recordId);
    for (const { index, old, keys } of entries) {
      for (const key of notAmong(keys.keys, old.keys)) this.#storage.remove(key);
      this.addToIndex(index, { ...keys, keys: notAmong(old.keys, keys.keys) }, recordId);
    }
    this.#storage.put(documentKey(this.id, recordId), after);
  }

  remove(recordId: number, bytes: Buffer): void {
    const document = readFields(bytes, this.#indexed);
    for (const index of this.indexes)
      for (const key of indexKeys(document, index, recordId).keys) this.#storage.remove(key);
    this.#storage.remove(documentKey(this.id, recordId));
    this.#countBy(-1);
  }

  /** Writes a document's keys into one index. */
  addToIndex(index: IndexDefinition, { keys, multikey, cut }: IndexKeys, recordId: number): void {
    const { record } = index;
    if ((multikey && !record.multikey) || (cut && !record.cut)) {
      record.multikey ||= multikey;
      record.cut ||= cut;
      this.changed = 'record';
    }
    const value = record.unique ? recordBytes(recordId) : nothing;
    for (const key of keys) this.#storage.put(key, value);
  }

  /** Adds one document's keys to an index that is being built. @throws CommandError DuplicateKey */
  buildIndexEntry(index: IndexDefinition, document: Document, recordId: number): void {
    const keys = indexKeys(document, index, recordId);
    this.#assertUnique(index, keys, recordId);
    this.addToIndex(index, keys, recordId);
  }

  #assertUnique(index: IndexDefinition, { keys, tuples }: IndexKeys, recordId: number): void {
    if (!index.record.unique) return;
    keys.forEach((key, at) => {
      const owner = this.#storage.get(key);
      if (owner !== undefined && recordIdOf(owner) !== recordId)
        throw duplicateKey(this.namespace, index, tuples[at] ?? []);
    });
  }

  #countBy(change: number): void {
    this.count += change;
    this.changed ??= 'count';
  }
}

const nothing = Buffer.alloc(0);

/** Those of `keys` that `others` has not. */
function notAmong(others: readonly Buffer[], keys: readonly Buffer[]): Buffer[] {
  if (others.length <= 1) return keys.filter((key) => others[0]?.equals(key) !== true);
  const there = new Set(others.map((key) => key.toString('latin1')));
  return keys.filter((key) => !there.has(key.toString('latin1')));
}

function assertSize(bytes: Uint8Array): void {
  if (bytes.length > largestDocument)
    throw new CommandError(
      'BSONObjectTooLarge',
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${largestDocument}`,
    );
}

/** @see https://www.mongodb.com/docs/manual/core/index-unique/ for what MongoDB says of a duplicate */
function duplicateKey(namespace: string, index: IndexDefinition, tuple: readonly unknown[]): CommandError {
  const keyValue: Document = {};
  index.fields.forEach(({ path }, at) => {
    const value = tupleValue(tuple[at]);
    keyValue[path] = value === undefined || typeof value === 'symbol' ? null : value;
  });
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${showValue(value)}`);
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${index.record.name} dup key: { ${shown.join(', ')} }`,
    { keyPattern: index.record.key, keyValue },
  );
}
