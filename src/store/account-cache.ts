import { LRUCache } from 'lru-cache';
import { maxLateWriteMs, type WriteEnd } from './watch-writes.ts';

export type AccountCache<T> = {
  list(accountIds: readonly string[]): Promise<T[]>;
  /**
   * @param readAll returns `undefined` if there is too much, and then nothing is kept
   * @param accountIds accounts that may have nothing; further ones are read when they are first needed
   */
  load(readAll: () => Promise<readonly T[] | undefined>, accountIds?: readonly string[]): Promise<void>;
  /**
   * Forgets what a write is about to change.
   * @returns a function to call at the end of the write, with further accounts whose entries it may have changed
   */
  beginWrite(
    accountIds: readonly string[] | 'all',
  ): (end: WriteEnd['kind'], more?: readonly string[] | 'all') => void;
};

/**
 * Holds what a query that starts at the same time could return: an entry is forgotten before a write that may change
 * it is sent, and when that has ended; what was read meanwhile is not kept.
 * @param max how much is kept: the entries of all accounts, plus one for each account
 */
export function createAccountCache<T extends { accountId: string | null }>(parts: {
  read: (accountIds: readonly string[]) => Promise<T[]>;
  max: number;
  onKeep?: (entries: readonly T[]) => void;
  onForget?: (entries: readonly T[]) => void;
}): AccountCache<T> {
  const { read, max, onKeep, onForget } = parts;
  const kept = new LRUCache<string, readonly T[]>({
    maxSize: max,
    sizeCalculation: (entries) => entries.length + 1,
    dispose: (entries) => onForget?.(entries),
  });
  let writing = 0;
  let writes = 0;
  let keepsNothingUntil = 0;

  function forget(accountIds: readonly string[] | 'all'): void {
    if (accountIds === 'all') kept.clear();
    else for (const accountId of accountIds) kept.delete(accountId);
  }

  async function readAndKeep<R extends readonly T[] | undefined>(
    accountIds: readonly string[],
    readThem: () => Promise<R>,
  ): Promise<R> {
    const before = writes;
    const found = await readThem();
    const isQuiet = writes === before && writing === 0 && performance.now() >= keepsNothingUntil;
    if (found === undefined || !isQuiet) return found;
    const byAccount = new Map<string, T[]>(accountIds.map((accountId) => [accountId, []]));
    for (const entry of found) {
      if (entry.accountId === null) continue;
      const entries = byAccount.get(entry.accountId);
      if (entries === undefined) byAccount.set(entry.accountId, [entry]);
      else entries.push(entry);
    }
    for (const [accountId, entries] of byAccount) {
      kept.set(accountId, entries);
      onKeep?.(entries);
    }
    return found;
  }

  return {
    async list(accountIds) {
      const found: T[] = [];
      const missing: string[] = [];
      for (const accountId of new Set(accountIds)) {
        const entries = kept.get(accountId);
        if (entries === undefined) missing.push(accountId);
        else found.push(...entries);
      }
      if (missing.length > 0) found.push(...(await readAndKeep(missing, () => read(missing))));
      return found;
    },

    async load(readAll, accountIds = []) {
      await readAndKeep(accountIds, readAll);
    },

    beginWrite(accountIds) {
      writing += 1;
      writes += 1;
      forget(accountIds);
      return (end, more = []) => {
        writing -= 1;
        writes += 1;
        forget(end === 'done' ? accountIds : 'all');
        forget(more);
        if (end === 'unknown') keepsNothingUntil = performance.now() + maxLateWriteMs;
      };
    },
  };
}
