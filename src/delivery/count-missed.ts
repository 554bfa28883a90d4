import type { Channel } from '../store/channels/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { tenancyOf } from '../store/tenancy.ts';

/** How many alerts a channel that is back will be told that it missed. */
export async function countMissed(
  deliveries: DeliveryStore,
  channel: Pick<Channel, '_id' | 'accountId'>,
  now: Date,
): Promise<number> {
  const tenancy = tenancyOf(channel);
  return tenancy === undefined ? 0 : deliveries.countHeldDue(tenancy, now);
}
