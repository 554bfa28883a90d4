import { LRUCache } from 'lru-cache';

/**
 * An `LRUCache` whose entries are not only unused after their `ttl`, but out of memory within another one. One timer
 * serves all entries, and an empty cache has none.
 */
export function createExpiringCache<V extends {}>(
  options: LRUCache.Options<string, V, unknown> & { ttl: number },
): LRUCache<string, V> {
  let isSweeping = false;
  const cache = new LRUCache<string, V>({ ...options, onInsert: sweepLater });

  function sweepLater(): void {
    if (isSweeping) return;
    isSweeping = true;
    setTimeout(sweep, options.ttl).unref();
  }

  function sweep(): void {
    cache.purgeStale();
    isSweeping = false;
    if (cache.size > 0) sweepLater();
  }

  return cache;
}
