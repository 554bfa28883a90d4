import { beforeEach, describe, expect, test } from 'vitest';
import { createAccountLimit } from '../../src/perly/account-limit.ts';
import { Problem } from '../../src/perly/problem.ts';

let now = Date.parse('2046-03-02T10:00:00Z');
const clock = { now: () => new Date(now) };

let limit: (counts: Record<string, number>) => Problem | undefined;
beforeEach(() => {
  const take = createAccountLimit({ what: 'events', limit: 10, clock });
  limit = (counts) => {
    try {
      take(new Map(Object.entries(counts)));
      return undefined;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  };
});

describe('the limit of an account', () => {
  test('allows its maximum, and names the accounts above it', () => {
    expect(limit({ a: 4, b: 1 })).toBeUndefined();
    expect(limit({ a: 6 })).toBeUndefined();
    now += 20_500;
    expect(limit({ a: 1, b: 1 })).toMatchObject({
      status: 429,
      code: 'account_limit',
      extra: { accounts: ['a'] },
      headers: {
        'Retry-After': '40',
        'RateLimit-Policy': '"account-events"; q=10; w=60',
        RateLimit: '"account-events"; r=0; t=40',
      },
    });
  });

  test('counts nothing of what it refuses, not even for other accounts in it', () => {
    limit({ a: 10 });
    expect(limit({ a: 1, b: 9 })?.status).toBe(429);
    expect(limit({ b: 9 })).toBeUndefined();
  });

  test('starts over after the time it named', () => {
    limit({ a: 10 });
    now += 59_999;
    expect(limit({ a: 1 })?.headers['Retry-After']).toBe('1');
    now += 1;
    expect(limit({ a: 10 })).toBeUndefined();
  });

  test('does not refuse forever what is larger than itself', () => {
    expect(limit({ a: 1000 })).toBeUndefined();
    expect(limit({ a: 1000 })?.status).toBe(429);
    now += 60_000;
    expect(limit({ a: 1000 })).toBeUndefined();
  });
});
