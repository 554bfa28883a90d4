import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { ChannelMoveStore } from '../store/channel-moves.ts';
import { connectorOf } from '../store/channel-updates.ts';
import type { Channel, ChannelConnection, ChannelStore } from '../store/channels.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import { type DeliveryDocument, deliveryKey } from '../store/delivery-document.ts';
import type { MuteStore } from '../store/mutes.ts';
import { afterRetention } from '../store/retention.ts';
import type { Greeter } from './greeter.ts';
import { dropAll } from './held.ts';
import type { FollowUp } from './redecide.ts';
import type { Teller } from './tell.ts';

/** How many deliveries are taken along at a time. */
const pageSize = 500;

export type Mover = ReturnType<typeof createMover>;

/**
 * Moves a channel's alerts to another channel: account, rules, mutes, managers, pause, and what waits. The new channel
 * is written first and remembers what it takes over, so that after a crash the sweep goes on where it stopped.
 */
export function createMover(parts: {
  channels: ChannelStore;
  moves: ChannelMoveStore;
  deliveries: DeliveryStore;
  mutes: MuteStore;
  keepAway: Greeter['greet'];
  tell: Teller['tell'];
  follow: (followUp: FollowUp) => void;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, moves, deliveries, mutes, clock } = parts;

  /**
   * Brings what waits for a channel that was taken out to the one that took its place. A message of the old one may be
   * under way: then nothing is moved, else an alert would be in both.
   *
   * @returns whether all of it was brought
   */
  function forward(fromId: string, toId: string): Promise<boolean> {
    return parts.keepAway(fromId, async (isAlone) => {
      if (!isAlone) return false;
      for (;;) {
        const [pending, held] = await Promise.all([
          deliveries.listPending(fromId, pageSize),
          deliveries.listHeld(fromId, pageSize),
        ]);
        const waiting = [...pending, ...held];
        if (waiting.length === 0) break;
        await deliveries.insert(waiting.map((delivery) => toMoved(delivery, toId)));
        await deliveries.dropMoved(
          waiting.map(({ _id }) => _id),
          clock.now(),
        );
        const openings = held.map(({ nextAttemptAt }) => nextAttemptAt).filter((at) => at > clock.now());
        parts.follow({ channelIds: [toId], openings });
      }
      return true;
    });
  }

  async function takeOver(channel: Channel, fromId: string): Promise<void> {
    const now = clock.now();
    for (const mute of await mutes.listByChannel(fromId, now))
      await mutes.save({ ...mute, channelId: channel._id });
    const deed = { action: 'disconnected', actor: connectorOf(channel), at: now } as const;
    const from = await channels.disconnect(fromId, afterRetention(now), { movedTo: channel._id, deed });
    if (from !== undefined) await parts.tell(from);
    if (!(await forward(fromId, channel._id))) return;
    await mutes.removeOfChannel(fromId);
    await moves.finish(channel._id, fromId);
  }

  return {
    /**
     * @param fromId the channel whose alerts are moved to the one that was picked
     * @throws AppError `move_source_gone` or `move_target_connected`; nothing was changed
     */
    async move(connection: ChannelConnection, fromId: string): Promise<Channel> {
      const from = await channels.find(fromId);
      if (from === undefined || from.status === 'disconnected')
        throw new AppError('move_source_gone', 'The channel is not connected any more.');
      const channel = await parts.tell(await moves.begin(connection, from, clock.now()));
      await takeOver(channel, fromId);
      return channel;
    },

    /** Ends what a crash or a busy channel left half moved. */
    async resume(): Promise<void> {
      for (const channel of await moves.listUnfinished())
        if (channel.movedFrom !== undefined) await takeOver(channel, channel.movedFrom);
    },

    /** Sees to what waits for a channel that was taken out: it goes along, or is dropped. */
    async tidy(channelId: string): Promise<void> {
      const channel = await channels.find(channelId);
      if (channel?.movedTo === undefined) await dropAll(deliveries, channelId, clock.now());
      else await forward(channelId, channel.movedTo);
    },
  };
}

function toMoved(delivery: DeliveryDocument, channelId: string): DeliveryDocument {
  return { ...delivery, _id: deliveryKey(delivery.eventKey, channelId), channelId };
}
