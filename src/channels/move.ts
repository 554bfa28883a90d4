import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { Clock } from '../lib/clock.ts';
import { ConnectError } from '../store/channels/connect-guard.ts';
import type { Channel, ChannelConnection } from '../store/channels/document.ts';
import type { ChannelMoveStore } from '../store/channels/moves.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { connectorOf } from '../store/channels/updates.ts';
import type { MuteStore } from '../store/mutes.ts';
import { afterRemoval } from '../store/retention.ts';
import { tenancyOf } from '../store/tenancy.ts';
import type { OutboxRelay } from './outbox-relay.ts';
import type { TenancyCleanup } from './tenancy-cleanup.ts';
import type { Unlinking } from './unlink.ts';

export type ChannelMover = ReturnType<typeof createChannelMover>;

/** The new channel is written first and stores its source, so that recovery can continue after a crash. */
export function createChannelMover(parts: {
  channels: ChannelStore;
  moves: ChannelMoveStore;
  mutes: MuteStore;
  tenancyCleanup: Pick<TenancyCleanup, 'endFormer'>;
  unlinkChannels: Unlinking['unlinkChannels'];
  publish: OutboxRelay['publish'];
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, moves, mutes, clock } = parts;

  async function takeOver(channel: Channel, fromId: string): Promise<void> {
    const now = clock.now();
    const from = { _id: fromId, accountId: channel.accountId };
    const tenancy = tenancyOf(from);
    const muted = tenancy === undefined ? [] : await mutes.listByChannel(tenancy, now);
    for (const mute of muted) await mutes.save({ ...mute, channelId: channel._id });
    const change = { action: 'disconnected', actor: connectorOf(channel), at: now } as const;
    const expiresAt = afterRemoval(now);
    const left = await channels.disconnect(from, {
      now,
      expiresAt,
      movedTo: channel._id,
      outboxChange: change,
    });
    if (left !== undefined) await parts.publish(left);
    // Deliveries that were not moved yet are still in the old channel.
    const known = left ?? (await channels.find(fromId));
    if (tenancy !== undefined && wasTakenAway(known, channel))
      await parts.unlinkChannels(channel.teamId, tenancy.accountId, connectorOf(channel), {
        ids: [channel._id],
      });
    if (known === undefined || (await parts.tenancyCleanup.endFormer(known)))
      await moves.finish(channel._id, fromId);
  }

  return {
    /** @throws ConnectError `move_source_gone` or `move_target_connected`; nothing was changed */
    async move(connection: ChannelConnection, fromId: string): Promise<Channel> {
      const from = await channels.find(fromId);
      if (from === undefined || from.status === 'disconnected')
        throw new ConnectError('move_source_gone', 'The channel is no longer connected.');
      const channel = await parts.publish(await moves.begin(connection, from, clock.now()));
      await takeOver(channel, fromId);
      return channel;
    },

    /** Continues a move that was cut short. @returns false if there is none between these channels */
    async continueMove(fromId: string, toId: string): Promise<boolean> {
      const channel = await channels.find(toId);
      if (channel?.movedFrom !== fromId) return false;
      await takeOver(channel, fromId);
      return true;
    },

    async resume(): Promise<void> {
      await forEachIsolated(await moves.listUnfinished(), async (channel) => {
        if (channel.movedFrom !== undefined) await takeOver(channel, channel.movedFrom);
      });
    },
  };
}

/** True if the source was taken away before the move: then the new channel must not get its account. */
function wasTakenAway(from: Channel | undefined, to: Channel): boolean {
  if (from === undefined) return true;
  const isReconnected = from.connectedAt > to.connectedAt;
  return from.movedTo !== to._id && !isReconnected;
}
