import { cacheChannels } from '../store/channels/cached-channels.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { cacheQueues } from '../store/deliveries/cached-queues.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { Writes } from '../store/watch-writes.ts';

type Stores = { channels: ChannelStore; mutes: MuteStore; deliveries: DeliveryStore };

/** Wraps the stores for a process that is alone on its database. */
export function keepInMemory(
  stores: Stores,
  writes: Writes,
): Omit<Stores, 'mutes'> & { load(): Promise<void> } {
  const { channels, load } = cacheChannels(
    stores.channels,
    stores.mutes,
    stores.deliveries.listSimilar,
    writes,
  );
  const queues = cacheQueues(stores.deliveries, writes);
  return {
    channels,
    deliveries: queues.deliveries,
    async load() {
      await Promise.all([load(), queues.load()]);
    },
  };
}
