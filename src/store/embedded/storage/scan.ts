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

/** A first page when there are several ranges: much of it may lie between two of them. */
const firstLeap = 4;

/**
 * Walks the entries of ranges that are disjoint and in order, likewise. It looks for an entry, not for each range: the
 * ranges before the next entry hold nothing, and are not looked at.
 */
export function* scanRanges(
  storage: Entries,
  ranges: readonly KeyRange[],
  backwards: boolean,
): Generator<Entry, void> {
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (first === undefined || last === undefined) return;
  if (ranges.length === 1) return yield* scan(storage, first, backwards);
  const step = backwards ? -1 : 1;
  let at = backwards ? ranges.length - 1 : 0;
  let { from, to } = { from: first.from, to: last.to };
  let size = firstLeap;
  for (;;) {
    const { entries, more } = storage.entries({ from, to }, size, backwards);
    size = Math.min(size * 2, largestPage);
    for (const entry of entries) {
      while (isPast(entry.key, ranges[at], backwards)) at += step;
      if (isIn(entry.key, ranges[at])) yield entry;
      else size = firstLeap;
    }
    const end = entries.at(-1)?.key;
    const range = ranges[at];
    if (!more || end === undefined || range === undefined) return;
    if (backwards) to = smaller(end, range.to);
    else from = larger(after(end), range.from);
  }
}

const after = (key: Buffer) => Buffer.concat([key, Buffer.alloc(1)]);
const smaller = (a: Buffer, b: Buffer) => (Buffer.compare(a, b) < 0 ? a : b);
const larger = (a: Buffer, b: Buffer) => (Buffer.compare(a, b) > 0 ? a : b);

/** Whether a walk that comes to a key has left a range behind. */
function isPast(key: Buffer, range: KeyRange | undefined, backwards: boolean): boolean {
  if (range === undefined) return false;
  return backwards ? Buffer.compare(key, range.from) < 0 : Buffer.compare(key, range.to) >= 0;
}

function isIn(key: Buffer, range: KeyRange | undefined): boolean {
  return range !== undefined && Buffer.compare(key, range.from) >= 0 && Buffer.compare(key, range.to) < 0;
}
