import { minuteMs } from './time.ts';

const windowMs = minuteMs;

type Window = { count: number; endsAt: number };

export type WindowCounter = {
  get(key: string): Window;
  add(key: string, count: number): void;
};

/** @param options.maxKeys with more keys, the least recently used starts over */
export function createWindowCounter(options: { now: () => number; maxKeys: number }): WindowCounter {
  const { maxKeys } = options;
  /** Least recently used first. An LRU cache would allocate memory for its maximum. */
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

/** See https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/08/ */
export function exhaustedHeaders(name: string, limit: number, seconds: number): Record<string, string> {
  const quoted = JSON.stringify(name);
  return {
    'Retry-After': String(seconds),
    'RateLimit-Policy': `${quoted}; q=${limit}; w=${windowMs / 1000}`,
    RateLimit: `${quoted}; r=0; t=${seconds}`,
  };
}
