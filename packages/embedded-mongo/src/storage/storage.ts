import { constants } from 'node:os';
import { open, type RootDatabase } from 'lmdb';

/** `from` is inclusive, `to` exclusive. */
export type KeyRange = { from: Buffer; to: Buffer };
type Entry = { key: Buffer; value: Buffer };

/** Every write happens within `write`, and is on disk when that returns. */
export type Storage = {
  get(key: Buffer): Buffer | undefined;
  put(key: Buffer, value: Buffer): void;
  remove(key: Buffer): void;
  /**
   * In the keys' order or backwards. It reads page by page and keeps nothing of lmdb open in between, so it
   * can stay open for as long as a client likes, while others write.
   */
  scan(range: KeyRange, backwards?: boolean): Generator<Entry, void>;
  count(range: KeyRange): number;
  /** Waits for the disk sync. If `action` throws, nothing is written. */
  write<T>(action: () => T): T;
  close(): Promise<void>;
};

/** The first page has few entries, since many scans end soon. */
const firstPage = 16;
const largestPage = 512;
const pageBytes = 2 ** 20;

/**
 * Writes are synchronous: while the disk syncs one, requests wait in their sockets and share the next. lmdb's own
 * queue costs two hops between threads per write.
 */
export function openStorage(path: string): Storage {
  const options = {
    keyEncoding: 'binary',
    encoding: 'binary',
    overlappingSync: false,
    noSubdir: false,
    // The option is missing in lmdb's types. @see https://github.com/kriszyp/lmdb-js/blob/v3.5.6/src/env.cpp
    permissionsMode: 0o600,
  } as const;
  const database: RootDatabase<Buffer, Buffer> = open(path, options);
  return {
    get: (key) => database.get(key),
    put: (key, value) => database.putSync(key, value),
    remove: (key) => {
      database.removeSync(key);
    },
    *scan(range, backwards = false) {
      let { from, to } = range;
      for (let limit = firstPage; ; limit = Math.min(limit * 2, largestPage)) {
        const bounds = backwards
          ? { start: to, end: from, reverse: true, exclusiveStart: true, inclusiveEnd: true }
          : { start: from, end: to };
        const page: Entry[] = [];
        let bytes = 0;
        for (const entry of database.getRange({ ...bounds, limit })) {
          page.push(entry);
          bytes += entry.value.length;
          if (bytes >= pageBytes) break;
        }
        yield* page;
        const last = page.at(-1);
        if (last === undefined || (page.length < limit && bytes < pageBytes)) return;
        if (backwards) to = last.key;
        else from = Buffer.concat([last.key, Buffer.alloc(1)]);
      }
    },
    count: ({ from, to }) => database.getKeysCount({ start: from, end: to }),
    write: (action) => database.transactionSync(action),
    close: () => database.close(),
  };
}

/** True if LMDB reports a fault of its file, rather than the system one of the disk. */
export function isStorageError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code <= -30_700;
}

/** True if the disk is full, a limit was reached, or the disk is failing. */
export function isWriteFault(error: unknown): boolean {
  const { errno } = constants;
  const codes: unknown[] = [errno.EIO, errno.ENOSPC, errno.EFBIG, errno.EDQUOT];
  return error instanceof Error && 'code' in error && codes.includes(error.code);
}
