import type { Clock } from '../lib/clock.ts';

/**
 * A channel that was read longer ago than this is read again before its next message: it may serve another account by
 * now. Less than the time for which whoever connects a channel waits for its lease. Milliseconds.
 */
export const maxChannelAgeMs = 2000;

/** How many reads may take too long. */
const maxReads = 3;

/**
 * Reads what a message depends on, and reads it again when that took too long to be relied on. Whoever calls it posts
 * at once.
 *
 * @returns what was read, and when the read began by the monotonic clock; `undefined` when no read was quick enough
 */
export async function readFresh<T>(
  clock: Pick<Clock, 'monotonic'>,
  read: () => Promise<T>,
): Promise<{ value: T; readAt: number } | undefined> {
  for (let reads = 0; reads < maxReads; reads++) {
    const readAt = clock.monotonic();
    const value = await read();
    if (clock.monotonic() - readAt < maxChannelAgeMs) return { value, readAt };
  }
  return undefined;
}
