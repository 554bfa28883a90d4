import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { Clock } from '../lib/clock.ts';
import type { Actor } from '../store/audit.ts';
import type { Channel } from '../store/channels/document.ts';
import type { PublishedChange } from '../store/channels/outbox.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { type MuteStore, muteKey } from '../store/mutes.ts';
import { afterRetention } from '../store/retention.ts';
import type { Tenancy } from '../store/tenancy.ts';
import { type OutboxRelay, toChange } from './outbox-relay.ts';

export type Muting = ReturnType<typeof createMuting>;

/** The mute itself records what has to be published and reevaluated, so that recovery can continue after a crash. */
export function createMuting(parts: {
  channels: Pick<ChannelStore, 'markForReevaluation'>;
  mutes: MuteStore;
  outboxRelay: Pick<OutboxRelay, 'publishDetached'>;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, mutes, outboxRelay, clock } = parts;

  async function applyAndPublish(id: string, change: PublishedChange): Promise<void> {
    if (change.action === 'customer_muted') await channels.markForReevaluation(change.channelId);
    await outboxRelay.publishDetached(change, () => mutes.markPublished(id, change));
  }

  return {
    /** The caller reevaluates held deliveries. @returns the end of the mute, which may be later than requested */
    async mute(
      channel: Channel,
      tenancy: Tenancy,
      customer: { id: string; name: string },
      until: Date,
      actor: Actor,
      reason?: string,
    ): Promise<Date> {
      const at = clock.now();
      const after = { customerId: customer.id, until };
      const change = toChange(channel, { action: 'customer_muted', actor, at, after });
      const lasting = await mutes.save(
        {
          ...tenancy,
          customerId: customer.id,
          customerName: customer.name,
          until,
          mutedBy: actor.kind === 'user' ? actor.userId : 'Perly',
          ...(reason !== undefined && { reason }),
          createdAt: at,
        },
        change,
      );
      if (lasting.getTime() === until.getTime()) await applyAndPublish(muteKey(tenancy, customer.id), change);
      return lasting;
    },

    async unmute(channel: Channel, tenancy: Tenancy, customerId: string, actor: Actor): Promise<void> {
      const at = clock.now();
      const change = toChange(channel, { action: 'customer_unmuted', actor, at, before: { customerId } });
      const id = muteKey(tenancy, customerId);
      if (await mutes.end(id, change, afterRetention(at))) await applyAndPublish(id, change);
    },

    async recover(): Promise<void> {
      await forEachIsolated(await mutes.listUnpublished(), ({ id, change }) => applyAndPublish(id, change));
    },
  };
}
