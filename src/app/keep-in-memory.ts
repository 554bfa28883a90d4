import { cacheMutes } from '../store/cached-mutes.ts';
import { cacheChannels } from '../store/channels/cached-channels.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { cacheQueues } from '../store/deliveries/cached-queues.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { Writes } from '../store/watch-writes.ts';

/** Accounts with more channels than this, of all installations together, are read when they are first needed. */
const maxLoadedChannels = 50_000;

/** Accounts that are read with one command. */
const pageSize = 1000;

type Stores = { channels: ChannelStore; mutes: MuteStore; deliveries: DeliveryStore };

/**
 * Keeps channels, mutes and the queues of channels in memory, for a process that is alone on its database.
 * @returns the stores, and what reads everything into memory
 */
export function keepInMemory(stores: Stores, writes: Writes): Stores & { load(): Promise<void> } {
  const channels = cacheChannels(stores.channels, writes);
  const mutes = cacheMutes(stores.mutes, writes);
  const queues = cacheQueues(stores.deliveries, writes);
  return {
    channels,
    mutes,
    deliveries: queues.deliveries,
    async load() {
      await queues.load();
      const accountIds = await stores.channels.listAccounts(maxLoadedChannels);
      for (let from = 0; from < accountIds.length; from += pageSize) {
        const page = accountIds.slice(from, from + pageSize);
        await Promise.all([channels.listByAccounts(page), mutes.listByCustomers(page, [])]);
      }
    },
  };
}
