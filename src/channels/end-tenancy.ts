import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { Clock } from '../lib/clock.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { Tenancy } from '../store/tenancy.ts';

export type TenancyEnder = ReturnType<typeof createTenancyEnder>;

/**
 * Ends what accounts leave behind in channels that no longer serve them: what waits, what failed, and mutes. The
 * channel remembers whose it is until that is done, so that recovery goes on after a crash.
 *
 * @param parts.forward brings what waits to the channel that took a moved one's place
 */
export function createTenancyEnder(parts: {
  channels: Pick<ChannelStore, 'find' | 'listFormer' | 'endFormer'>;
  deliveries: Pick<DeliveryStore, 'endTenancy'>;
  mutes: Pick<MuteStore, 'endTenancy'>;
  forward: (from: Tenancy, toId: string) => Promise<boolean>;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, deliveries, mutes, clock } = parts;

  /**
   * @param until what was recorded later is of another time in which the channel serves the account
   * @returns false when some of it has to be brought to another channel first, and could not be just now
   */
  async function end(tenancy: Tenancy, until: Date, { movedTo }: Pick<Channel, 'movedTo'>): Promise<boolean> {
    const target = movedTo === undefined ? undefined : await channels.find(movedTo);
    // Only where the alerts are still that account's.
    if (target?.accountId === tenancy.accountId && !(await parts.forward(tenancy, target._id))) return false;
    await deliveries.endTenancy(tenancy, until, clock.now());
    await mutes.endTenancy(tenancy, until);
    return true;
  }

  /** Ends what the accounts left that a channel, as it was just read, no longer serves. @returns whether all of it is */
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

    /** Ends what was recorded, until an instant, in the moment in which its channel ceased to serve the account. */
    async endLate(tenancy: Tenancy, until: Date, channel: Channel | undefined): Promise<void> {
      await end(tenancy, until, channel ?? {});
    },

    /** Ends what a process that died has left, in all channels or some. */
    async recover(which: { _id?: string; teamId?: string } = {}): Promise<void> {
      await forEachIsolated(await channels.listFormer(which), endFormer);
    },
  };
}
