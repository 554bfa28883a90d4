import { hourMs, minuteMs, secondMs } from '../lib/time.ts';
import type { Outcome } from './webhook/classify-response.ts';

/** Slack takes about one message a second for each webhook and channel. Milliseconds. */
export const slackPaceMs = 1000;

/** Waits between tries, in milliseconds: about 28 hours in all. */
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

/** How far chance moves a wait either way, so that what failed together does not come back together. */
const retryJitter = 0.2;

/**
 * How long to wait after a failed try.
 *
 * @param failedBefore how many tries had failed before this one
 * @param random a number in [0, 1)
 * @returns milliseconds, or `undefined` when the retries have ended
 */
export function retryDelay(failedBefore: number, random: () => number): number | undefined {
  const delay = retryDelays[failedBefore];
  return delay === undefined ? undefined : Math.round(delay * (1 - retryJitter + 2 * retryJitter * random()));
}

/** How long a broken channel rests before it is tried again, first and from then on. Milliseconds. */
export const firstRecoveryMs = 1 * hourMs;
export const recoveryMs = 24 * hourMs;

/** Why a channel breaks, and when it is tried again, if the reason can pass by itself. */
export function toBreak(
  { reason, canPass }: Outcome & { kind: 'broken' },
  now: Date,
  restMs: number = firstRecoveryMs,
): { reason: string; retryAt: Date | null } {
  return { reason, retryAt: canPass ? new Date(now.getTime() + restMs) : null };
}
