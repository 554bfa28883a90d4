import { LRUCache } from 'lru-cache';

/** Milliseconds. */
const windowMs = 60_000;

/** What was counted for a key within a minute that ends at `endsAt` (milliseconds since 1970). */
type Window = { count: number; endsAt: number };

export type WindowCounter = {
  /** The key's present window; a new one where the last one is over. */
  get(key: string): Window;
  add(key: string, count: number): void;
};

/**
 * Counts by key within a minute, which begins with the first that is counted.
 *
 * @param options.now milliseconds since 1970
 * @param options.maxKeys so many are kept in mind; beyond that, the one that was silent for longest starts anew
 */
export function createWindowCounter(options: { now: () => number; maxKeys: number }): WindowCounter {
  const windows = new LRUCache<string, Window>({ max: options.maxKeys });

  function get(key: string): Window {
    const now = options.now();
    const window = windows.get(key);
    return window === undefined || window.endsAt <= now ? { count: 0, endsAt: now + windowMs } : window;
  }

  return {
    get,
    add(key, count) {
      const { count: before, endsAt } = get(key);
      windows.set(key, { count: before + count, endsAt });
    },
  };
}

/**
 * The headers of an answer to who has used up a limit
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/08/).
 *
 * @param seconds until there is some again
 */
export function exhaustedHeaders(name: string, limit: number, seconds: number): Record<string, string> {
  const quoted = JSON.stringify(name);
  return {
    'Retry-After': String(seconds),
    'RateLimit-Policy': `${quoted}; q=${limit}; w=${windowMs / 1000}`,
    RateLimit: `${quoted}; r=0; t=${seconds}`,
  };
}
