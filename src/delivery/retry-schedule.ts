import { hourMs, minuteMs, secondMs } from '../lib/time.ts';
import type { Outcome } from './webhook/classify-response.ts';

/** Slack accepts about one message per second for each webhook and channel. */
export const slackPaceMs = 1000;

/** The retries take about 28 hours in total. Milliseconds. */
export const retryDelays = [
  1 * secondMs,
  5 * secondMs,
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  10 * hourMs,
] as const;

/** Delays vary by this share in either direction, to spread the retries of simultaneous failures. */
const retryJitter = 0.2;

/** @param random a number in [0, 1) @returns milliseconds, or `undefined` when the retries have ended */
export function retryDelay(failedBefore: number, random: () => number): number | undefined {
  const delay = retryDelays[failedBefore];
  return delay === undefined ? undefined : Math.round(delay * (1 - retryJitter + 2 * retryJitter * random()));
}

/** Delays before a broken channel is tried again: the first, and all others. */
export const firstRecoveryMs = 1 * hourMs;
export const recoveryMs = 24 * hourMs;

export function toBrokenState(
  { reason, canPass }: Outcome & { kind: 'broken' },
  now: Date,
  delayMs: number = firstRecoveryMs,
): { reason: string; retryAt: Date | null } {
  return { reason, retryAt: canPass ? new Date(now.getTime() + delayMs) : null };
}
