import { CommandError } from './command-error.ts';
import type { Cursors } from './cursors.ts';
import { type Examined, findMatches, type Match, type Search } from './query/find-matches.ts';
import type { Catalog } from './storage/catalog.ts';
import type { CollectionStore } from './storage/collection-store.ts';
import type { Storage } from './storage/storage.ts';
import { isDocument } from './values/is-document.ts';

/** Everything that commands work on. */
export class Engine {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly cursors: Cursors;

  constructor(parts: { storage: Storage; catalog: Catalog; cursors: Cursors }) {
    this.storage = parts.storage;
    this.catalog = parts.catalog;
    this.cursors = parts.cursors;
  }

  /** The collection, created when there is none: as MongoDB does on the first write. */
  collectionFor(namespace: string): CollectionStore {
    return this.catalog.find(namespace) ?? this.catalog.create(namespace);
  }

  /** @throws CommandError NamespaceNotFound */
  existing(namespace: string): CollectionStore {
    const collection = this.catalog.find(namespace);
    if (collection === undefined) throw new CommandError('NamespaceNotFound', `ns not found: ${namespace}`);
    return collection;
  }

  /** Finds documents, lazily where it can; none in a collection that does not exist. */
  *find(namespace: string, search: Search, examined?: Examined): Generator<Match, void> {
    const collection = this.catalog.find(namespace);
    if (collection !== undefined) yield* findMatches(this.storage, collection, search, examined);
  }

  /**
   * An index that a client names is not forced on the plan, which would change no answer, but it has to exist.
   *
   * @throws CommandError BadValue
   */
  assertHint(namespace: string, hint: unknown): void {
    if (hint === undefined || (isDocument(hint) && Object.keys(hint).length === 0)) return;
    if (isDocument(hint) && '$natural' in hint) return;
    const wanted = isDocument(hint) ? keyText(hint) : String(hint);
    const found = this.catalog
      .find(namespace)
      ?.indexes.some(({ record }) => record.name === wanted || keyText(record.key) === wanted);
    if (found !== true)
      throw new CommandError('BadValue', 'hint provided does not correspond to an existing index');
  }
}

/** `{ a: 1, b: -1 }` as one text, for comparing. */
export function keyText(key: Record<string, unknown>): string {
  return Object.entries(key)
    .map(([path, direction]) => `${path}:${Number(direction)}`)
    .join(',');
}
