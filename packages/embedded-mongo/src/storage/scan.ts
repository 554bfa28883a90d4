import type { Entry, KeyRange, Storage } from './storage.ts';

type Entries = Pick<Storage, 'entries'>;

const firstPage = 16;
const largestPage = 512;

/**
 * Walks the entries of a range, in order or backwards. It reads page by page and keeps nothing of lmdb open in
 * between, so that it may rest between two requests for as long as a client likes, while others write.
 */
export function* scan(storage: Entries, range: KeyRange, backwards: boolean): Generator<Entry, void> {
  let { from, to } = range;
  for (let size = firstPage; ; size = Math.min(size * 2, largestPage)) {
    const { entries, more } = storage.entries({ from, to }, size, backwards);
    yield* entries;
    const last = entries.at(-1);
    if (!more || last === undefined) return;
    if (backwards) to = last.key;
    else from = after(last.key);
  }
}

/** Ranges in order, of which each is worked out when somebody comes to it. */
export type Ranges = { readonly length: number; at(index: number): KeyRange | undefined };

/** A first page when there are several ranges: much of it may lie between two of them. */
const firstLeap = 4;

/**
 * Walks the entries of ranges that are disjoint and in order, likewise. It looks for an entry, not for each range: the
 * ranges before the next entry hold nothing, and are not looked at.
 */
export function* scanRanges(storage: Entries, ranges: Ranges, backwards: boolean): Generator<Entry, void> {
  if (ranges.length === 0) return;
  const [first, last] = [ranges.at(0), ranges.at(ranges.length - 1)];
  if (first === undefined || last === undefined) return;
  if (ranges.length === 1) return yield* scan(storage, first, backwards);
  let place = 0;
  let range = backwards ? last : first;
  let { from, to } = { from: first.from, to: last.to };
  let size = firstLeap;
  for (;;) {
    const { entries, more } = storage.entries({ from, to }, size, backwards);
    size = Math.min(size * 2, largestPage);
    for (const entry of entries) {
      if (isPast(entry.key, range, backwards)) {
        place = nextPlace(entry.key, ranges, place, backwards);
        const next = rangeAt(ranges, place, backwards);
        if (next === undefined) return;
        range = next;
      }
      if (Buffer.compare(entry.key, range.from) >= 0 && Buffer.compare(entry.key, range.to) < 0) yield entry;
      else size = firstLeap;
    }
    const end = entries.at(-1)?.key;
    if (!more || end === undefined) return;
    if (backwards) to = smaller(end, range.to);
    else from = larger(after(end), range.from);
  }
}

/** The range at a place, counted in the direction of the walk. */
function rangeAt(ranges: Ranges, place: number, backwards: boolean): KeyRange | undefined {
  if (place >= ranges.length) return undefined;
  return ranges.at(backwards ? ranges.length - 1 - place : place);
}

/** Whether a walk that comes to a key has left a range behind. */
function isPast(key: Buffer, range: KeyRange, backwards: boolean): boolean {
  return backwards ? Buffer.compare(key, range.from) < 0 : Buffer.compare(key, range.to) >= 0;
}

/** The place of the first range that a walk has not left behind, after one that it has: mostly it is near. */
function nextPlace(key: Buffer, ranges: Ranges, place: number, backwards: boolean): number {
  const isBehind = (at: number) => {
    const range = rangeAt(ranges, at, backwards);
    return range !== undefined && isPast(key, range, backwards);
  };
  let [behind, step] = [place, 1];
  while (isBehind(behind + step)) {
    behind += step;
    step *= 2;
  }
  let ahead = Math.min(behind + step, ranges.length);
  while (ahead - behind > 1) {
    const middle = (behind + ahead) >> 1;
    if (isBehind(middle)) behind = middle;
    else ahead = middle;
  }
  return ahead;
}

const after = (key: Buffer) => Buffer.concat([key, Buffer.alloc(1)]);
const smaller = (a: Buffer, b: Buffer) => (Buffer.compare(a, b) < 0 ? a : b);
const larger = (a: Buffer, b: Buffer) => (Buffer.compare(a, b) > 0 ? a : b);
