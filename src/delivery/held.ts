import type { DeliveryStore } from '../store/deliveries.ts';

/** Gives up all that waits for a channel that was disconnected. */
export async function dropAll(deliveries: DeliveryStore, channelId: string, now: Date): Promise<void> {
  await deliveries.dropHeld(channelId, now);
  await deliveries.abandon(channelId, now);
}

/** How many alerts a channel that is back will be told that it missed. */
export function countMissed(deliveries: DeliveryStore, channelId: string, now: Date): Promise<number> {
  return deliveries.countHeldDue(channelId, now);
}
