import { expectArray, expectCount, expectDocument } from '../bson/expect-type.ts';
import { readDocument } from '../bson/read.ts';
import type { Document } from '../bson/value.ts';
import { writeDocument } from '../bson/write.ts';
import { CollectionStore } from './collection-store.ts';
import { defineIndex, type IndexDefinition, readIndexSpec } from './index-definition.ts';
import { storeKey, storeRange } from './keys.ts';
import type { Storage } from './storage.ts';

/** Entries start with a letter. The owner ('o') and the format ('v') are stored by others. */
const collectionLetter = 'c';
const collectionKey = (namespace: string) => storeKey(0, Buffer.from(`${collectionLetter}${namespace}`));
const lastStoreKey = storeKey(0, Buffer.from('s'));

/** Holds the collections by namespace (`database.collection`). */
export class Catalog {
  readonly #storage: Storage;
  readonly #collections = new Map<string, CollectionStore>();
  #lastStore = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.load();
  }

  /** Called at the start, and after a rolled back transaction. */
  load(): void {
    this.#collections.clear();
    this.#lastStore = this.#storage.get(lastStoreKey)?.readUInt32BE(0) ?? 0;
    for (const { key, value } of this.#storage.scan(storeRange(0)))
      if (key.subarray(4, 5).toString() === collectionLetter)
        this.#loadCollection(key.subarray(5).toString(), readDocument(value));
  }

  #loadCollection(namespace: string, record: Document): void {
    const indexes = expectArray(record.get('indexes'), "'indexes'").map((item) => {
      const index = expectDocument(item, 'an index');
      const id = expectCount(index.get('id'), "'id'");
      return defineIndex({ ...readIndexSpec(index), id, multikey: index.get('multikey') === true });
    });
    const id = expectCount(record.get('id'), "'id'");
    this.#collections.set(namespace, new CollectionStore(this.#storage, namespace, id, indexes));
  }

  find(namespace: string): CollectionStore | undefined {
    return this.#collections.get(namespace);
  }

  list(database?: string): CollectionStore[] {
    return [...this.#collections.values()].filter(
      ({ namespace }) => database === undefined || namespace.startsWith(`${database}.`),
    );
  }

  create(namespace: string): CollectionStore {
    const id = this.newStoreId();
    const key = new Map([['_id', 1]]);
    const idIndex = { id: this.newStoreId(), name: '_id_', key, unique: true, multikey: false };
    const collection = new CollectionStore(this.#storage, namespace, id, [defineIndex(idIndex)]);
    collection.isChanged = true;
    this.#collections.set(namespace, collection);
    return collection;
  }

  drop(collection: CollectionStore): void {
    this.#collections.delete(collection.namespace);
    this.#storage.remove(collectionKey(collection.namespace));
    for (const id of [collection.id, ...collection.indexes.map(({ record }) => record.id)]) this.clear(id);
  }

  dropIndex(collection: CollectionStore, index: IndexDefinition): void {
    collection.indexes = collection.indexes.filter((other) => other !== index);
    collection.isChanged = true;
    this.clear(index.record.id);
  }

  newStoreId(): number {
    this.#lastStore++;
    const number = Buffer.alloc(4);
    number.writeUInt32BE(this.#lastStore);
    this.#storage.put(lastStoreKey, number);
    return this.#lastStore;
  }

  clear(storeId: number): void {
    for (const { key } of this.#storage.scan(storeRange(storeId))) this.#storage.remove(key);
  }

  /** Called at the end of a transaction. */
  save(): void {
    for (const collection of this.#collections.values()) {
      if (!collection.isChanged) continue;
      const { namespace, id, indexes } = collection;
      const record = { id, indexes: indexes.map((index) => index.record) };
      this.#storage.put(collectionKey(namespace), writeDocument(record));
      collection.isChanged = false;
    }
  }
}
