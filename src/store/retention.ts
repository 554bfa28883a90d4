import { dayMs } from '../lib/time.ts';

/** Of events and finished deliveries (docs/privacy.md). */
export const retentionMs = 30 * dayMs;

/** All is gone within 14 days; the last one is for recovery to delete it. */
const removalRetentionMs = 13 * dayMs;

export function afterRetention(instant: Date): Date {
  return new Date(instant.getTime() + retentionMs);
}

export function afterRemoval(instant: Date): Date {
  return new Date(instant.getTime() + removalRetentionMs);
}
