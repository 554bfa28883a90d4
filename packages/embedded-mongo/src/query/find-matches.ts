import { rootOf } from '../bson/paths.ts';
import { readDocument } from '../bson/read.ts';
import type { Document } from '../bson/value.ts';
import type { CollectionStore } from '../storage/collection-store.ts';
import { recordIdOf, storeRange } from '../storage/keys.ts';
import type { Storage } from '../storage/storage.ts';
import type { Filter } from './filter.ts';
import { type Plan, planQuery } from './plan.ts';
import { type OrderField, sortKey } from './sort-order.ts';

/** Holds a found document's bytes, and reads its fields on demand. */
export class Match {
  readonly recordId: number;
  readonly bytes: Buffer;
  #document: Document | undefined;

  constructor(recordId: number, bytes: Buffer) {
    this.recordId = recordId;
    this.bytes = bytes;
  }

  get document(): Document {
    this.#document ??= readDocument(this.bytes);
    return this.#document;
  }
}

export type Examined = { keys: number; documents: number };

export type Search = {
  filter: Filter;
  order: readonly OrderField[];
  skip: number;
  /** 0 means all. */
  limit: number;
};

/** Works lazily if an index gives the order; writes may happen between two documents. */
export function* findMatches(
  storage: Storage,
  collection: CollectionStore,
  { filter, order, skip, limit }: Search,
  examined: Examined = { keys: 0, documents: 0 },
): Generator<Match, void> {
  const plan = planQuery(collection, filter, order);
  const found = matching(storage, collection, plan, filter, examined);
  const end = limit === 0 ? Infinity : skip + limit;
  let at = 0;
  for (const match of plan.isSorted ? found : sorted(found, order, end)) {
    if (at++ >= skip) yield match;
    if (at >= end) return;
  }
}

function* matching(
  storage: Storage,
  collection: CollectionStore,
  plan: Plan,
  { all, test, fields }: Filter,
  examined: Examined,
): Generator<Match, void> {
  for (const [recordId, bytes] of candidates(storage, collection, plan, examined)) {
    if (bytes === undefined) continue;
    examined.documents++;
    if (all || test(readDocument(bytes, fields))) yield new Match(recordId, bytes);
  }
}

function* candidates(
  storage: Storage,
  collection: CollectionStore,
  plan: Plan,
  examined: Examined,
): Generator<[number, Buffer | undefined], void> {
  const { index } = plan;
  if (index === undefined) {
    for (const { key, value } of storage.scan(storeRange(collection.id))) yield [recordIdOf(key), value];
    return;
  }
  const seen = index.record.multikey ? new Set<number>() : undefined;
  for (const recordId of recordsOf(storage, plan, index.record.unique)) {
    examined.keys++;
    if (seen?.has(recordId)) continue;
    seen?.add(recordId);
    yield [recordId, collection.read(recordId)];
  }
}

function* recordsOf(
  storage: Storage,
  { ranges, isExact, isBackwards }: Plan,
  isUnique: boolean,
): Generator<number, void> {
  for (const range of isBackwards ? ranges().toReversed() : ranges()) {
    const owner = isExact ? storage.get(range.from) : undefined;
    if (owner !== undefined) yield recordIdOf(owner);
    if (isExact) continue;
    for (const { key, value } of storage.scan(range, isBackwards)) yield recordIdOf(isUnique ? value : key);
  }
}

function sorted(found: Iterable<Match>, order: readonly OrderField[], end: number): Match[] {
  const fields = new Set(order.map(({ path }) => rootOf(path)));
  const kept: { key: Buffer; match: Match }[] = [];
  const trim = () => {
    kept.sort((a, b) => Buffer.compare(a.key, b.key));
    if (kept.length > end) kept.length = end;
  };
  for (const match of found) {
    kept.push({ key: sortKey(readDocument(match.bytes, fields), order), match });
    if (kept.length >= end * 2 + 1000) trim();
  }
  trim();
  return kept.map(({ match }) => match);
}
