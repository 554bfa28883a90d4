import type { Clock } from '../clock.ts';
import type { Decision } from '../rules/decide.ts';
import { decide } from '../rules/decide.ts';
import type { Channel, ChannelStore } from '../store/channels.ts';
import type { DeliveryDocument, DeliveryStore } from '../store/deliveries.ts';
import type { EventStore } from '../store/events.ts';
import type { MuteStore } from '../store/mutes.ts';

/** How many held deliveries are decided at a time. */
const pageSize = 500;

type Parts = {
  channels: ChannelStore;
  events: EventStore;
  deliveries: DeliveryStore;
  mutes: MuteStore;
  clock: Pick<Clock, 'now'>;
};

/**
 * Decides anew, by a channel's present rules and mutes, what it holds for its next opening: what is held still moves to
 * the new opening, what would be sent becomes due now, what would be kept back is dropped. A pause changes nothing for
 * what is held already. Called again, after a crash in the middle say, it goes on where it stopped.
 *
 * @returns whether something may be due now
 */
export async function redecide(parts: Parts, channelId: string): Promise<boolean> {
  const { channels, deliveries, mutes, clock } = parts;
  const channel = await channels.find(channelId);
  if (channel === undefined) return false;
  const now = clock.now();
  const muted = await mutes.listByChannel(channelId, now);
  for (;;) {
    const held = await deliveries.listHeldBefore(channelId, channel.rulesEpoch, now, pageSize);
    if (held.length === 0) break;
    await write(
      parts,
      channel,
      await decideAll(parts, held, { ...channel, pausedUntil: null, mutes: muted }, now),
      now,
    );
  }
  await channels.settle(channelId, channel.rulesEpoch);
  return deliveries.hasHeldDue(channelId, now);
}

type Decided = { id: string; decision: Decision };

async function decideAll(
  { events }: Parts,
  held: readonly DeliveryDocument[],
  channel: Parameters<typeof decide>[1],
  now: Date,
): Promise<Decided[]> {
  const contents = await events.listContents(held.map(({ eventKey }) => eventKey));
  const byKey = new Map(contents.map(({ _id, event }) => [_id, event]));
  return held.map(({ _id, eventKey, nextAttemptAt }) => {
    const event = byKey.get(eventKey);
    // An event that expired cannot be decided; its delivery is given up when its time comes.
    return {
      id: _id,
      decision: event === undefined ? { outcome: 'hold', until: nextAttemptAt } : decide(event, channel, now),
    };
  });
}

async function write(
  { deliveries }: Parts,
  channel: Channel,
  decided: readonly Decided[],
  now: Date,
): Promise<void> {
  const groups = new Map<string, { decision: Decision; ids: string[] }>();
  for (const { id, decision } of decided) {
    const key = JSON.stringify(decision);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { decision, ids: [id] });
    else group.ids.push(id);
  }
  for (const { decision, ids } of groups.values()) {
    if (decision.outcome === 'suppress') await deliveries.drop(ids, decision.reason, now);
    else {
      const until = decision.outcome === 'hold' ? decision.until : now;
      await deliveries.holdUntil(ids, until, channel.rulesEpoch, now);
    }
  }
}
