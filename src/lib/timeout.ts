import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from './errors.ts';

/** @throws AppError `timeout`, or the error of `work` */
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

const defaultTimeoutMs = 10_000;

/** Slack's longest answer holds a view, of 250 kB at most. */
const maxAnswerBytes = 2 * 1024 * 1024;

/**
 * Gives up after `ms`, since Bolt sets no limit. Follows no redirect, which could lead away from Slack.
 * @throws DOMException `TimeoutError`
 */
export function createFetchWithTimeout(ms = defaultTimeoutMs): typeof fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(ms);
    const response = await fetch(input, {
      ...init,
      redirect: 'error',
      signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit,
    });
    return response.body === null ? response : new Response(limitLength(response.body), response);
  };
}

function limitLength(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  let left = maxAnswerBytes;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.length;
        if (left >= 0) controller.enqueue(chunk);
        else controller.error(new AppError('answer_too_long', 'The answer is longer than any of Slack’s.'));
      },
    }),
  );
}
