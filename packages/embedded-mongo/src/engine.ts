import { CommandError } from './command-error.ts';
import { Cursors } from './cursors.ts';
import { type Examined, findMatches, type Match, type Search } from './query/find-matches.ts';
import { Catalog } from './storage/catalog.ts';
import type { CollectionStore } from './storage/collection-store.ts';
import type { Storage } from './storage/storage.ts';

export class Engine {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly cursors = new Cursors();

  constructor(storage: Storage) {
    this.storage = storage;
    this.catalog = new Catalog(storage);
  }

  /** The collection is created if missing, as MongoDB does at the first write. */
  collectionFor(namespace: string): CollectionStore {
    return this.catalog.find(namespace) ?? this.catalog.create(namespace);
  }

  existing(namespace: string): CollectionStore {
    const collection = this.catalog.find(namespace);
    if (collection === undefined) throw new CommandError('NamespaceNotFound', `ns not found: ${namespace}`);
    return collection;
  }

  /** Finds documents lazily if possible; none in a missing collection. */
  *find(namespace: string, search: Search, examined?: Examined): Generator<Match, void> {
    const collection = this.catalog.find(namespace);
    if (collection !== undefined) yield* findMatches(this.storage, collection, search, examined);
  }
}
