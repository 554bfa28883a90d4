import type { Clock } from '../lib/clock.ts';

/** A channel that was read earlier may serve another account. Connecting a channel waits longer than this. */
export const maxChannelAgeMs = 2000;

const maxReads = 3;

/**
 * Reads again if the first read took too long to rely on; the caller posts immediately afterwards.
 * @param validFrom rejects values that were read before, by the monotonic clock; it may move during a read
 * @returns `undefined` if no read was fast enough; `readAt` is by the monotonic clock
 */
export async function readFresh<T>(
  clock: Pick<Clock, 'monotonic'>,
  read: () => Promise<T>,
  validFrom: () => number = () => Number.NEGATIVE_INFINITY,
): Promise<{ value: T; readAt: number } | undefined> {
  for (let reads = 0; reads < maxReads; reads++) {
    const readAt = clock.monotonic();
    const value = await read();
    const isFast = clock.monotonic() - readAt < maxChannelAgeMs;
    if (isFast && readAt >= validFrom()) return { value, readAt };
  }
  return undefined;
}
