import { readDocument } from '../bson/read.ts';
import { type Document, isDocument, isNumeric, toNumber, type Value } from '../bson/value.ts';
import { writeDocument } from '../bson/write.ts';
import { CollectionStore } from './collection-store.ts';
import { defineIndex, type IndexDefinition, readIndexSpec } from './index-definition.ts';
import { recordIdOf, storeKey, storeRange } from './keys.ts';
import type { Storage } from './storage.ts';

/** By the first letter of their keys. The owner ('o') and the format ('v') are stored by others. */
const prefixes = { collection: 'c', count: 'n', lastStore: 's' } as const;

const catalogKey = (prefix: string, rest: Uint8Array | string = '') =>
  storeKey(0, Buffer.concat([Buffer.from(prefix), Buffer.from(rest)]));

/** By namespace (`database.collection`). */
export class Catalog {
  readonly #storage: Storage;
  readonly #collections = new Map<string, CollectionStore>();
  #lastStore = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.load();
  }

  /** At the start, and after a rolled back transaction. */
  load(): void {
    this.#collections.clear();
    this.#lastStore = this.#storage.get(catalogKey(prefixes.lastStore))?.readUInt32BE(0) ?? 0;
    for (const { key, value } of this.#storage.scan(storeRange(0)))
      if (key.subarray(4, 5).toString() === prefixes.collection)
        this.#loadCollection(key.subarray(5).toString(), readDocument(value));
  }

  #loadCollection(namespace: string, record: Document): void {
    const id = wholeNumber(record.get('id'));
    const indexes = record.get('indexes');
    const [last] = this.#storage.scan(storeRange(id), true);
    this.#collections.set(
      namespace,
      new CollectionStore(this.#storage, {
        namespace,
        id,
        indexes: (Array.isArray(indexes) ? indexes : []).filter(isDocument).map((index) =>
          defineIndex({
            ...readIndexSpec(index),
            id: wholeNumber(index.get('id')),
            multikey: index.get('multikey') === true,
          }),
        ),
        count: this.#storage.get(catalogKey(prefixes.count, uint32(id)))?.readDoubleBE(0) ?? 0,
        nextRecord: last === undefined ? 1 : recordIdOf(last.key) + 1,
      }),
    );
  }

  find(namespace: string): CollectionStore | undefined {
    return this.#collections.get(namespace);
  }

  list(database?: string): CollectionStore[] {
    return [...this.#collections.values()].filter(
      ({ namespace }) => database === undefined || namespace.startsWith(`${database}.`),
    );
  }

  /** With its index on `_id`. */
  create(namespace: string): CollectionStore {
    const id = this.newStoreId();
    const key = new Map([['_id', 1]]);
    const idIndex = { id: this.newStoreId(), name: '_id_', key, unique: true, multikey: false };
    const collection = new CollectionStore(this.#storage, {
      namespace,
      id,
      indexes: [defineIndex(idIndex)],
      count: 0,
      nextRecord: 1,
    });
    collection.changed = 'record';
    this.#collections.set(namespace, collection);
    return collection;
  }

  drop(collection: CollectionStore): void {
    this.#collections.delete(collection.namespace);
    this.#storage.remove(catalogKey(prefixes.collection, collection.namespace));
    this.#storage.remove(catalogKey(prefixes.count, uint32(collection.id)));
    for (const id of [collection.id, ...collection.indexes.map(({ record }) => record.id)]) this.clear(id);
  }

  dropIndex(collection: CollectionStore, index: IndexDefinition): void {
    collection.indexes = collection.indexes.filter((other) => other !== index);
    collection.changed = 'record';
    this.clear(index.record.id);
  }

  newStoreId(): number {
    this.#lastStore++;
    this.#storage.put(catalogKey(prefixes.lastStore), uint32(this.#lastStore));
    return this.#lastStore;
  }

  clear(storeId: number): void {
    for (const { key } of this.#storage.scan(storeRange(storeId))) this.#storage.remove(key);
  }

  /** At the end of a transaction. */
  save(): void {
    for (const collection of this.#collections.values()) {
      if (collection.changed === undefined) continue;
      const { namespace, id, indexes, count, changed } = collection;
      if (changed === 'record')
        this.#storage.put(
          catalogKey(prefixes.collection, namespace),
          writeDocument({ id, indexes: indexes.map(({ record }) => record) }),
        );
      const counted = Buffer.alloc(8);
      counted.writeDoubleBE(count);
      this.#storage.put(catalogKey(prefixes.count, uint32(id)), counted);
      collection.changed = undefined;
    }
  }
}

function wholeNumber(value: Value | undefined): number {
  return isNumeric(value) ? toNumber(value) : 0;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
