import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from './errors.ts';

/** What `work` resolves to, when it does so within `ms` milliseconds. @throws AppError `timeout`, or what `work` does */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const timeout = wait(ms, undefined, { signal: over.signal, ref: false }).then(() => {
    throw new AppError('timeout', `No answer within ${ms} ms.`);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    timeout.catch(() => {});
    over.abort();
  }
}

/** How long Slack may take to answer. Milliseconds. */
const defaultTimeoutMs = 10_000;

/**
 * `fetch` that gives up on a server that does not answer: Bolt sets no limit where it answers a click, and a process
 * that stops waits for these answers. Nor does it follow a redirect: what is meant for Slack is for nobody else.
 *
 * @throws DOMException `TimeoutError` after `ms` milliseconds
 */
export function createFetchWithTimeout(ms = defaultTimeoutMs): typeof fetch {
  return (input, init) => {
    const limit = AbortSignal.timeout(ms);
    return fetch(input, {
      ...init,
      redirect: 'error',
      signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit,
    });
  };
}
