import type { Clock } from '../clock.ts';
import type { DeliveryStore } from '../store/deliveries.ts';

/** What a channel missed for longer than this is no news any more. Milliseconds. */
const longestMissMs = 72 * 60 * 60 * 1000;

/**
 * Lets go what was held while a channel was broken: one digest of the last 72 hours; what is older is dropped. Doing
 * it again, after a crash in the middle say, adds to the same digest what is still held.
 *
 * @param connectedAt when the channel's present webhook came: a digest belongs to one return
 * @returns how many alerts the digest will show
 */
export async function releaseMissed(
  { deliveries, clock }: { deliveries: DeliveryStore; clock: Pick<Clock, 'now'> },
  channelId: string,
  connectedAt: Date,
): Promise<number> {
  const now = clock.now();
  const digestId = `missed until ${connectedAt.toISOString()}`;
  await deliveries.dropOld(channelId, digestId, new Date(now.getTime() - longestMissMs), now);
  return deliveries.release(channelId, digestId, now);
}
