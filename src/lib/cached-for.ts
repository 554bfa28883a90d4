import { LRUCache } from 'lru-cache';

/** Shares the result of `work` for `ttlMs`, even if it is a failure. */
export function cachedFor<T>(ttlMs: number, work: () => Promise<T>): () => Promise<T> {
  const results = new LRUCache<'latest', Promise<T>>({ max: 1, ttl: ttlMs, memoMethod: work });
  return () => results.memo('latest');
}
