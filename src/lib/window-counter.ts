import { minuteMs } from './time.ts';

/** Milliseconds. */
const windowMs = minuteMs;

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
  const { maxKeys } = options;
  /** The least recently used first. A `Map` grows with its keys; an LRU cache reserves memory for all of them at once. */
  const windows = new Map<string, Window>();

  function set(key: string, window: Window): void {
    windows.delete(key);
    windows.set(key, window);
    const [oldest] = windows.size > maxKeys ? windows.keys() : [];
    if (oldest !== undefined) windows.delete(oldest);
  }

  function get(key: string): Window {
    const now = options.now();
    const window = windows.get(key);
    if (window === undefined || window.endsAt <= now) return { count: 0, endsAt: now + windowMs };
    set(key, window);
    return window;
  }

  return {
    get,
    add(key, count) {
      const { count: before, endsAt } = get(key);
      set(key, { count: before + count, endsAt });
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
