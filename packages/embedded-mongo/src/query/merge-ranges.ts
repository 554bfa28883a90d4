import { scan } from '../storage/scan.ts';
import type { Entry, KeyRange, Storage } from '../storage/storage.ts';

/** A range, and how many bytes at the beginning of its keys are the same in all of them. */
export type PrefixedRange = { range: KeyRange; prefix: number };

/** Some of them, each worked out when somebody comes to it. */
export type PrefixedRanges = { readonly length: number; at(index: number): PrefixedRange | undefined };

type Stream = { entries: Iterator<Entry, void>; head: Entry; prefix: number };

/**
 * Walks several ranges of an index at once, in the order of what follows their prefixes: so `$in` on one field and a
 * sort by the next need no sorting.
 */
export function* mergeRanges(
  storage: Storage,
  ranges: PrefixedRanges,
  backwards: boolean,
): Generator<Entry, void> {
  const streams: Stream[] = [];
  for (let at = 0; at < ranges.length; at++) {
    const found = ranges.at(at);
    if (found === undefined) continue;
    const entries = scan(storage, found.range, backwards);
    const first = entries.next();
    if (first.done !== true) streams.push({ entries, head: first.value, prefix: found.prefix });
  }
  while (streams.length > 0) {
    const next = streams.reduce((best, stream) => (isBefore(stream, best, backwards) ? stream : best));
    yield next.head;
    const { done, value } = next.entries.next();
    if (done === true) streams.splice(streams.indexOf(next), 1);
    else next.head = value;
  }
}

function isBefore(a: Stream, b: Stream, backwards: boolean): boolean {
  const order = Buffer.compare(a.head.key.subarray(a.prefix), b.head.key.subarray(b.prefix));
  return backwards ? order > 0 : order < 0;
}
