import { dayMs } from '../lib/time.ts';

/** Events and finished deliveries are kept for this long (docs/privacy.md). */
export const retentionMs = 30 * dayMs;

/** Everything is gone within 14 days: the last day is left for recovery to delete it. */
const removalRetentionMs = 13 * dayMs;

export function afterRetention(instant: Date): Date {
  return new Date(instant.getTime() + retentionMs);
}

export function afterRemoval(instant: Date): Date {
  return new Date(instant.getTime() + removalRetentionMs);
}
