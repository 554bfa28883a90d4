import type { Document } from 'bson';
import type { CollectionStore } from '../storage/collection-store.ts';
import { recordIdOf } from '../storage/keys.ts';
import { scanRanges } from '../storage/scan.ts';
import type { Entry, Storage } from '../storage/storage.ts';
import { FieldNames, rootOf } from '../values/field-names.ts';
import { readDocument, readFields } from '../values/read-fields.ts';
import { type Condition, type Filter, passesAll } from './filter.ts';
import { mergeRanges } from './merge-ranges.ts';
import { type Plan, planQuery } from './plan.ts';
import { type OrderField, sortKeys } from './sort-order.ts';

/** A document that was found: its bytes, and its fields once someone asks for them. */
export class Match {
  readonly recordId: number;
  readonly bytes: Buffer;
  #document: Document | undefined;

  constructor(recordId: number, bytes: Buffer) {
    this.recordId = recordId;
    this.bytes = bytes;
  }

  /** Every number as its BSON type; to be changed only by whoever found it. */
  get document(): Document {
    this.#document ??= readDocument(this.bytes);
    return this.#document;
  }
}

/** What a query looked at: tests and explain prove by it that an index was used. */
export type Examined = { keys: number; documents: number };

export type Search = {
  filter: Filter;
  order: readonly OrderField[];
  skip: number;
  /** 0: all. */
  limit: number;
};

/** Finds documents, lazily where an index gives the order; between two of them others may write. */
export function* findMatches(
  storage: Storage,
  collection: CollectionStore,
  search: Search,
  examined: Examined = { keys: 0, documents: 0 },
): Generator<Match, void> {
  const { filter, order, skip, limit } = search;
  const plan = planQuery(collection, filter, order);
  const found = matching(storage, collection, plan, filter, examined);
  const end = limit === 0 ? Infinity : skip + limit;
  const inOrder = plan.sorted ? found : sorted(found, order, end);
  let at = 0;
  if (end === 0) return;
  for (const match of inOrder) {
    if (at++ >= skip) yield match;
    if (at >= end) return;
  }
}

function* matching(
  storage: Storage,
  collection: CollectionStore,
  plan: Plan,
  filter: Filter,
  examined: Examined,
): Generator<Match, void> {
  const begun = storage.writes;
  const rest = testOf(filter, plan.covered);
  const whole = plan.covered.size === 0 ? rest : testOf(filter, new Set());
  for (const [recordId, bytes] of candidates(storage, collection, plan, examined)) {
    if (bytes === undefined) continue;
    examined.documents++;
    const match = new Match(recordId, bytes);
    // What an index said holds until somebody writes.
    const test = storage.writes === begun ? rest : whole;
    if (test === undefined || test(match)) yield match;
  }
}

/** What is to be tested of a document but for some conditions; `undefined`: nothing. */
function testOf(
  { all, test, tests, conditions }: Filter,
  covered: ReadonlySet<Condition>,
): ((match: Match) => boolean) | undefined {
  if (all) return undefined;
  if (tests === undefined) return ({ document }) => test(document);
  const left = conditions.flatMap((condition, at) => (covered.has(condition) ? [] : [at]));
  if (left.length === 0) return undefined;
  const fields = new FieldNames(left.map((at) => rootOf(conditions[at]?.path ?? '')));
  const passes = passesAll(left.flatMap((at) => tests[at] ?? []));
  return ({ bytes }) => passes(readFields(bytes, fields));
}

/** The records that the plan leads to, each once. */
function* candidates(
  storage: Storage,
  collection: CollectionStore,
  plan: Plan,
  examined: Examined,
): Generator<[number, Buffer | undefined], void> {
  if (plan.index === undefined) {
    for (const { key, value } of entriesOf(storage, plan)) yield [recordIdOf(key), value];
    return;
  }
  const seen = plan.index.record.multikey ? new Set<number>() : undefined;
  for (const recordId of recordsOf(storage, plan, plan.index.record.unique, examined)) {
    if (seen?.has(recordId)) continue;
    seen?.add(recordId);
    yield [recordId, collection.read(recordId)];
  }
}

function* recordsOf(
  storage: Storage,
  plan: Plan,
  unique: boolean,
  examined: Examined,
): Generator<number, void> {
  if (plan.points !== undefined) {
    for (const key of plan.backwards ? [...plan.points].reverse() : plan.points) {
      examined.keys++;
      const owner = storage.get(key);
      if (owner !== undefined) yield recordIdOf(owner);
    }
    return;
  }
  for (const { key, value } of entriesOf(storage, plan)) {
    examined.keys++;
    yield recordIdOf(unique ? value : key);
  }
}

function* entriesOf(storage: Storage, { ranges, merged, backwards }: Plan): Generator<Entry, void> {
  if (merged) yield* mergeRanges(storage, ranges, backwards);
  else
    yield* scanRanges(storage, { length: ranges.length, at: (index) => ranges.at(index)?.range }, backwards);
}

/** Sorts in memory, keeping hardly more than the first `end`. */
function sorted(found: Iterable<Match>, order: readonly OrderField[], end: number): Iterable<Match> {
  const keyOf = sortKeys(order);
  const fields = new FieldNames(order.map(({ path }) => rootOf(path)));
  const kept: { key: Buffer; match: Match }[] = [];
  const tidy = () => {
    kept.sort((a, b) => Buffer.compare(a.key, b.key));
    if (kept.length > end) kept.length = end;
  };
  for (const match of found) {
    // The bytes are kept, not the fields: they are smaller.
    kept.push({ key: keyOf(readFields(match.bytes, fields)), match: new Match(match.recordId, match.bytes) });
    if (kept.length >= end * 2 + 1000) tidy();
  }
  tidy();
  return kept.map(({ match }) => match);
}
