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
