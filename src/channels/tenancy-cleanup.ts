import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { Clock } from '../lib/clock.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { Tenancy } from '../store/tenancy.ts';

export type TenancyCleanup = ReturnType<typeof createTenancyCleanup>;

/**
 * Ends what former accounts left. The channel keeps them until this is done: recovery continues it after a crash.
 * @param parts.forward moves pending deliveries to the channel that replaced a moved one
 */
export function createTenancyCleanup(parts: {
  channels: Pick<ChannelStore, 'find' | 'listFormer' | 'endFormer'>;
  deliveries: Pick<DeliveryStore, 'endTenancy'>;
  mutes: Pick<MuteStore, 'endTenancy'>;
  forward: (from: Tenancy, toId: string) => Promise<boolean>;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, deliveries, mutes, clock } = parts;

  /**
   * @param until keeps deliveries of a later period in which the channel serves the account
   * @returns false when some deliveries could not be moved yet
   */
  async function end(tenancy: Tenancy, until: Date, { movedTo }: Pick<Channel, 'movedTo'>): Promise<boolean> {
    const target = movedTo === undefined ? undefined : await channels.find(movedTo);
    // The deliveries move only if the target still serves that account.
    if (target?.accountId === tenancy.accountId && !(await parts.forward(tenancy, target._id))) return false;
    await deliveries.endTenancy(tenancy, until, clock.now());
    await mutes.endTenancy(tenancy, until);
    return true;
  }

  /** @returns whether everything that former accounts left there was ended */
  async function endFormer(channel: Pick<Channel, '_id' | 'movedTo' | 'formerAccounts'>): Promise<boolean> {
    let isDone = true;
    for (const former of channel.formerAccounts ?? []) {
      const tenancy = { channelId: channel._id, accountId: former.accountId };
      if (await end(tenancy, former.until, channel)) await channels.endFormer(channel._id, former);
      else isDone = false;
    }
    return isDone;
  }

  return {
    endFormer,

    /** Ends deliveries that were recorded while the channel stopped serving the account. */
    async endLate(tenancy: Tenancy, until: Date, channel: Channel | undefined): Promise<void> {
      await end(tenancy, until, channel ?? {});
    },

    async recover(which: { _id?: string; teamId?: string } = {}): Promise<void> {
      await forEachIsolated(await channels.listFormer(which), endFormer);
    },
  };
}
