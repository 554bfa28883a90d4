import { open, type RootDatabase } from 'lmdb';
import { toBuffer } from '../values/to-buffer.ts';

/** Bounds of ordered keys: from the first, inclusive, to the last, exclusive. */
export type KeyRange = { from: Buffer; to: Buffer };
export type Entry = { key: Buffer; value: Buffer };
/** Some entries, and whether there may be more after them. */
type Page = { entries: Entry[]; more: boolean };

const pageBytes = 2 ** 20;

/** Ordered bytes on disk. Every write happens within `write`, and is on disk when that returns. */
export type Storage = {
  get(key: Buffer): Buffer | undefined;
  has(key: Buffer): boolean;
  put(key: Buffer, value: Uint8Array): void;
  remove(key: Buffer): void;
  /** The next entries of the range, in the keys' order or backwards: at most `limit`, or about a megabyte. */
  entries(range: KeyRange, limit: number, backwards?: boolean): Page;
  /** How many keys a range holds, counted one by one. */
  count(range: KeyRange): number;
  /**
   * Runs `action` in one transaction and waits until it is synced to disk: all of it is there afterwards, or, when it
   * throws, nothing.
   */
  write<T>(action: () => T): T;
  /** How many transactions there have been: what was read before another one began may not hold any more. */
  readonly writes: number;
  close(): Promise<void>;
};

/**
 * Opens (or creates) the storage in a folder.
 *
 * Writes are synchronous transactions: while the disk syncs one, the requests that arrive wait in their sockets and
 * share the next. lmdb's own queue of asynchronous writes costs two hops between threads per write, and its
 * overlapping sync lets others see what a power cut may still take back.
 */
export function openStorage(path: string): Storage {
  const options = {
    keyEncoding: 'binary',
    encoding: 'binary',
    overlappingSync: false,
    noSubdir: false,
    // Missing in lmdb's types. @see https://github.com/kriszyp/lmdb-js/blob/v3.5.6/src/env.cpp
    permissionsMode: 0o600,
  } as const;
  const database: RootDatabase<Buffer, Buffer> = open(path, options);
  let writes = 0;
  return {
    get: (key) => database.get(key),
    has: (key) => database.doesExist(key),
    put: (key, value) => database.putSync(key, toBuffer(value)),
    remove: (key) => {
      database.removeSync(key);
    },
    entries(range, limit, backwards = false) {
      const found: Entry[] = [];
      let bytes = 0;
      const { from, to } = range;
      const bounds = backwards
        ? { start: to, end: from, reverse: true, exclusiveStart: true, inclusiveEnd: true }
        : { start: from, end: to };
      for (const { key, value } of database.getRange({ ...bounds, limit })) {
        found.push({ key, value });
        bytes += value.length;
        if (bytes >= pageBytes) return { entries: found, more: true };
      }
      return { entries: found, more: found.length === limit };
    },
    count: ({ from, to }) => database.getKeysCount({ start: from, end: to }),
    write(action) {
      writes++;
      return database.transactionSync(action);
    },
    get writes() {
      return writes;
    },
    close: () => database.close(),
  };
}
