import type { Clock } from '../clock.ts';
import type { Actor } from '../store/audit.ts';
import type { Channel, ChannelStore } from '../store/channels.ts';
import { type MuteStore, muteKey } from '../store/mutes.ts';
import { afterRetention } from '../store/retention.ts';
import type { Tenancy } from '../store/tenancy.ts';
import type { ChannelDeed } from '../store/untold.ts';
import { forEachAlone } from './for-each-alone.ts';
import { type Teller, toDeed } from './tell.ts';

export type Muting = ReturnType<typeof createMuting>;

/**
 * Keeps customers out of channels. A mute says itself that it is to be told of, and that what the channel holds is to be
 * decided anew, so that after a crash the sweep goes on where it stopped.
 */
export function createMuting(parts: {
  channels: Pick<ChannelStore, 'unsettle'>;
  mutes: MuteStore;
  teller: Pick<Teller, 'note'>;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, mutes, teller, clock } = parts;

  async function goOn(id: string, deed: ChannelDeed): Promise<void> {
    if (deed.action === 'customer_muted') await channels.unsettle(deed.channelId);
    await teller.note(deed, () => mutes.settle(id, deed));
  }

  return {
    /** What the channel holds has to be decided anew then. @returns until when the customer is muted, which may be later */
    async mute(
      channel: Channel,
      tenancy: Tenancy,
      customer: { id: string; name: string },
      until: Date,
      actor: Actor,
    ): Promise<Date> {
      const at = clock.now();
      const after = { customerId: customer.id, until };
      const deed = toDeed(channel, { action: 'customer_muted', actor, at, after });
      const lasting = await mutes.save(
        {
          ...tenancy,
          customerId: customer.id,
          customerName: customer.name,
          until,
          mutedBy: actor.kind === 'user' ? actor.userId : 'Perly',
          createdAt: at,
        },
        deed,
      );
      if (lasting.getTime() === until.getTime()) await goOn(muteKey(tenancy, customer.id), deed);
      return lasting;
    },

    /** Does nothing for a customer who is not muted. */
    async unmute(channel: Channel, tenancy: Tenancy, customerId: string, actor: Actor): Promise<void> {
      const at = clock.now();
      const deed = toDeed(channel, { action: 'customer_unmuted', actor, at, before: { customerId } });
      const id = muteKey(tenancy, customerId);
      if (await mutes.end(id, deed, afterRetention(at))) await goOn(id, deed);
    },

    /** Ends what processes that died left half done. */
    async sweep(): Promise<void> {
      await forEachAlone(await mutes.listUntold(), ({ id, deed }) => goOn(id, deed));
    },
  };
}
