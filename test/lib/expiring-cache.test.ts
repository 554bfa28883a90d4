import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createExpiringCache } from '../../src/lib/expiring-cache.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('expired entries leave memory, by one timer for all of them', () => {
  const ttl = 60_000;
  const cache = createExpiringCache<string>({ max: 100, ttl, ttlResolution: 0, perf: Date });
  for (let at = 0; at < 50; at++) {
    cache.set(`entry ${at}`, 'value');
    vi.advanceTimersByTime(100);
  }
  expect([cache.size, vi.getTimerCount()]).toEqual([50, 1]);
  vi.advanceTimersByTime(2 * ttl - 5000);
  expect([cache.size, vi.getTimerCount()]).toEqual([0, 0]);

  cache.set('again', 'value');
  vi.advanceTimersByTime(ttl);
  expect(cache.get('again')).toBe('value');
  vi.advanceTimersByTime(ttl);
  expect([cache.size, vi.getTimerCount()]).toEqual([0, 0]);
});
