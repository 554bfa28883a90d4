import type { Clock } from '../lib/clock.ts';
import { createWindowCounter, exhaustedHeaders } from '../lib/window-counter.ts';
import { Problem } from './problem.ts';

/**
 * @param counts the amount, by account
 * @throws Problem 429 that names every account above the limit; nothing is counted then
 */
export type AccountLimit = (counts: ReadonlyMap<string, number>) => void;

const maxAccounts = 10_000;

/** Limits each account per process and minute, to share a process fairly. @param parts.what in the plural */
export function createAccountLimit(parts: {
  what: string;
  limit: number;
  clock: Pick<Clock, 'now'>;
}): AccountLimit {
  const { what, limit, clock } = parts;
  const now = () => clock.now().getTime();
  const counter = createWindowCounter({ now, maxKeys: maxAccounts });

  return (counts) => {
    const windows = [...counts].map(([accountId, added]) => ({
      accountId,
      added,
      ...counter.get(accountId),
    }));
    const exhausted = windows.filter((window) => window.count > 0 && window.count + window.added > limit);
    if (exhausted.length > 0)
      throw limitExceeded(
        { what, limit },
        exhausted.map(({ accountId }) => accountId),
        Math.ceil((Math.max(...exhausted.map(({ endsAt }) => endsAt)) - now()) / 1000),
      );
    for (const [accountId, count] of counts) counter.add(accountId, count);
  };
}

function limitExceeded(
  { what, limit }: { what: string; limit: number },
  accounts: readonly string[],
  seconds: number,
): Problem {
  return new Problem({
    status: 429,
    code: 'account_limit',
    title: 'Too many requests for one account',
    detail: `An account may have ${limit} ${what} per minute. Nothing was accepted. Try again in ${seconds} seconds.`,
    extra: { accounts },
    headers: exhaustedHeaders(`account-${what}`, limit, seconds),
  });
}
