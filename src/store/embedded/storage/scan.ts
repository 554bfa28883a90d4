import type { Entry, KeyRange, Storage } from './storage.ts';

const firstPage = 16;
const largestPage = 512;

/**
 * Walks the entries of a range, in order or backwards. It reads page by page and keeps nothing of lmdb open in
 * between, so that it may rest between two requests for as long as a client likes, while others write.
 */
export function* scan(storage: Storage, range: KeyRange, backwards: boolean): Generator<Entry, void> {
  let { from, to } = range;
  for (let size = firstPage; ; size = Math.min(size * 2, largestPage)) {
    const { entries, more } = storage.entries({ from, to }, size, backwards);
    yield* entries;
    const last = entries.at(-1);
    if (!more || last === undefined) return;
    if (backwards) to = last.key;
    else from = Buffer.concat([last.key, Buffer.alloc(1)]);
  }
}
