import type { DeliveryStore } from '../store/deliveries.ts';

/** What a broken channel missed for longer than this is no news any more. Milliseconds. */
const longestMissMs = 72 * 60 * 60 * 1000;

/** Before which instant something has to have been missed to be no news any more. */
export function missedTooLong(now: Date): Date {
  return new Date(now.getTime() - longestMissMs);
}

/** Gives up all that waits for a channel that was disconnected. */
export async function dropAll(deliveries: DeliveryStore, channelId: string, now: Date): Promise<void> {
  await deliveries.dropHeld(channelId, now);
  await deliveries.abandon(channelId, now);
}

/** How many alerts a channel that is back will be told that it missed. */
export async function countMissed(deliveries: DeliveryStore, channelId: string, now: Date): Promise<number> {
  await deliveries.dropOld(channelId, missedTooLong(now), now, 'broken');
  return deliveries.countHeldDue(channelId, now);
}
