import { setTimeout as wait } from 'node:timers/promises';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import type { Attempt } from './run-record.ts';

/** The app's answer to an accepted request. */
export type Receipt = { accepted: number; duplicates: number; rejected: unknown[] };

/** Timeout of an answer, and pause between two attempts. */
const timeoutMs = 5000;
const pauseMs = 300;

/**
 * Posts as a good client does: after a 5xx, a broken connection or a timeout, it sends the same request to the next process.
 * @param first the index in `urls` of the first process
 * @param attempts receives every attempt
 * @returns `undefined` when `signal` ended it, or when a retry could not change the answer
 */
export async function postUntilAccepted(request: {
  body: string;
  urls: readonly string[];
  secret: string;
  first: number;
  attempts: Attempt[];
  now: () => number;
  signal: AbortSignal;
}): Promise<Receipt | undefined> {
  const { body, urls, secret, attempts, now, signal } = request;
  for (let at = request.first; !signal.aborted; at++) {
    const slot = at % urls.length;
    const attempt = { slot, from: now(), to: Number.POSITIVE_INFINITY, outcome: 'under way' };
    attempts.push(attempt);
    try {
      const response = await fetch(`${urls[slot]}/perly/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signatureHeaders(secret, body) },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      attempt.outcome = String(response.status);
      if (response.status === 202) return JSON.parse(text) as Receipt;
      if (response.status < 500) return undefined;
    } catch (error) {
      attempt.outcome = reasonOf(error);
    } finally {
      attempt.to = now();
    }
    await wait(pauseMs);
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}
