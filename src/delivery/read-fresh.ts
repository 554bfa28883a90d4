import type { Clock } from '../lib/clock.ts';

/**
 * A channel that was read longer ago than this is read again before its next message, since it may serve another
 * account. Shorter than the time that connecting a channel waits for its lease. Milliseconds.
 */
export const maxChannelAgeMs = 2000;

const maxReads = 3;

/**
 * Reads what a message depends on, and reads it again if that took too long to rely on. The caller posts immediately
 * afterwards.
 * @returns the value, and when the read started by the monotonic clock; `undefined` if no read was fast enough
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
