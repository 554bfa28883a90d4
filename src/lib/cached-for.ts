import { LRUCache } from 'lru-cache';

/**
 * Shares the result of `work` for `ttlMs` milliseconds, so that it runs at most once in that time however often it is
 * asked for. A failure is shared as well.
 */
export function cachedFor<T>(ttlMs: number, work: () => Promise<T>): () => Promise<T> {
  const results = new LRUCache<'latest', Promise<T>>({ max: 1, ttl: ttlMs, memoMethod: work });
  return () => results.memo('latest');
}
