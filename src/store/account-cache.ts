import { LRUCache } from 'lru-cache';
import { maxLateWriteMs, type WriteEnd } from './watch-writes.ts';

export type AccountCache<T> = {
  list(accountIds: readonly string[]): Promise<T[]>;
  /**
   * @param readAll returns `undefined` for too many entries; then none are kept
   * @param accountIds may have no entries; others are read when they are first needed
   */
  load(readAll: () => Promise<readonly T[] | undefined>, accountIds?: readonly string[]): Promise<void>;
  /**
   * Forgets the entries that a write may change.
   * @returns to be called after the write, with further accounts whose entries it may have changed
   */
  beginWrite(
    accountIds: readonly string[] | 'all',
  ): (end: WriteEnd['kind'], more?: readonly string[] | 'all') => void;
};

/**
 * Cache of entries by account. They are forgotten before and after a write that may change them, and what is
 * read during a write is not kept.
 * @param max number of entries in total, plus one per account
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
    const isCurrent = writes === before && writing === 0 && performance.now() >= keepsNothingUntil;
    if (found === undefined || !isCurrent) return found;
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
