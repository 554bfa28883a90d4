import type { Outcome } from './webhook/classify-response.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Slack takes about one message a second for each webhook and channel. Milliseconds. */
export const paceMs = 1000;

/** Waits between tries, in milliseconds: about 28 hours in all. */
export const retryDelays = [
  1 * second,
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  10 * hour,
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
export const firstRecoveryMs = 1 * hour;
export const recoveryMs = 24 * hour;

/** Why a channel breaks, and when it is tried again, if the reason can pass by itself. */
export function toBreak(
  { reason, canPass }: Outcome & { kind: 'broken' },
  now: Date,
  restMs: number = firstRecoveryMs,
): { reason: string; retryAt: Date | null } {
  return { reason, retryAt: canPass ? new Date(now.getTime() + restMs) : null };
}
