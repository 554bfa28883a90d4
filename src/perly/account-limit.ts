import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import { Problem } from './problem.ts';

/**
 * Counts what is done for accounts within a minute.
 *
 * @param counts how much of it, by account
 * @throws Problem 429 that names every account with too much of it, and then nothing was counted
 */
export type AccountLimit = (counts: ReadonlyMap<string, number>) => void;

type Window = { count: number; endsAt: number };

const windowMs = 60_000;

/** So many accounts are kept in mind; beyond that, the one that was silent for longest starts anew. */
const mostAccounts = 10_000;

/**
 * A limit for each account, in this process, so that one of them cannot take what all need.
 *
 * @param parts.what what is counted, in the plural
 * @param parts.limit how much of it an account may have within a minute
 */
export function createAccountLimit(parts: {
  what: string;
  limit: number;
  clock: Pick<Clock, 'now'>;
}): AccountLimit {
  const { what, limit, clock } = parts;
  const windows = new LRUCache<string, Window>({ max: mostAccounts });

  return (counts) => {
    const now = clock.now().getTime();
    const current = [...counts].map(([accountId, count]) => {
      const window = windows.get(accountId);
      const isOver = window === undefined || window.endsAt <= now;
      return { accountId, count, window: isOver ? { count: 0, endsAt: now + windowMs } : window };
    });
    const beyond = current.filter(({ count, window }) => window.count > 0 && window.count + count > limit);
    if (beyond.length > 0)
      throw tooMuch(
        { what, limit },
        beyond.map(({ accountId }) => accountId),
        Math.ceil((Math.max(...beyond.map(({ window }) => window.endsAt)) - now) / 1000),
      );
    for (const { accountId, count, window } of current)
      windows.set(accountId, { ...window, count: window.count + count });
  };
}

function tooMuch(
  { what, limit }: { what: string; limit: number },
  accounts: readonly string[],
  seconds: number,
): Problem {
  const name = JSON.stringify(`account-${what}`);
  return new Problem(
    429,
    'account_limit',
    'Too much for one account',
    `An account may have ${limit} ${what} a minute. Nothing was taken. Send it again in ${seconds} seconds.`,
    { accounts },
    {
      'Retry-After': String(seconds),
      'RateLimit-Policy': `${name}; q=${limit}; w=${windowMs / 1000}`,
      RateLimit: `${name}; r=0; t=${seconds}`,
    },
  );
}
