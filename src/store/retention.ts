import { dayMs } from '../lib/time.ts';

/** How long events and finished deliveries are kept (docs/privacy.md). Milliseconds. */
export const retentionMs = 30 * dayMs;

/**
 * How long the rules of a channel that was disconnected are kept, and all that is left of a workspace that removed the
 * app: everything is gone within 14 days, and the last of them is for recovery to do it in. Milliseconds.
 */
const removalRetentionMs = 13 * dayMs;

/** The instant at which what is finished at `instant` may be deleted. */
export function afterRetention(instant: Date): Date {
  return new Date(instant.getTime() + retentionMs);
}

/** The instant at which what is left of something that was removed at `instant` is deleted. */
export function afterRemoval(instant: Date): Date {
  return new Date(instant.getTime() + removalRetentionMs);
}
