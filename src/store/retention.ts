import { dayMs } from '../lib/time.ts';

/** Retention of events and finished deliveries (docs/privacy.md). Milliseconds. */
export const retentionMs = 30 * dayMs;

/**
 * Retention of a disconnected channel's rules and of a removed workspace's data: everything is gone within 14 days,
 * the last of which leaves recovery time to delete it. Milliseconds.
 */
const removalRetentionMs = 13 * dayMs;

export function afterRetention(instant: Date): Date {
  return new Date(instant.getTime() + retentionMs);
}

export function afterRemoval(instant: Date): Date {
  return new Date(instant.getTime() + removalRetentionMs);
}
