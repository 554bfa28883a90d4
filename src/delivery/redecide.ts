import type { Clock } from '../clock.ts';
import type { Decision } from '../rules/decide.ts';
import { decide } from '../rules/decide.ts';
import type { Channel, ChannelStore } from '../store/channels.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { DeliveryDocument } from '../store/delivery-document.ts';
import type { EventStore } from '../store/events.ts';
import type { MuteStore } from '../store/mutes.ts';
import { tenancyOf } from '../store/tenancy.ts';

/** What is to be done after something was written; what is left out for a crash, the sweep does. */
export type FollowUp = {
  /** The channels that have something to send now. */
  channelIds: string[];
  /** When business hours open on what is held. */
  openings: Date[];
};

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
 * @returns what follows from it
 */
export async function redecide(parts: Parts, channelId: string): Promise<FollowUp> {
  const { channels, deliveries, mutes, clock } = parts;
  const channel = await channels.find(channelId);
  const follow: FollowUp = { channelIds: [], openings: [] };
  if (channel === undefined) return follow;
  const now = clock.now();
  const tenancy = tenancyOf(channel);
  if (tenancy === undefined) {
    await channels.settle(channelId, channel.rulesEpoch);
    return follow;
  }
  const muted = await mutes.listByChannel(tenancy, now);
  for (;;) {
    const held = await deliveries.listHeldBefore(tenancy, channel.rulesEpoch, now, pageSize);
    if (held.length === 0) break;
    const decided = await decideAll(parts, held, { ...channel, pausedUntil: null, mutes: muted }, now);
    follow.openings.push(...(await write(parts, channel, decided, now)));
  }
  await channels.settle(channelId, channel.rulesEpoch);
  if (await deliveries.hasHeldDue(tenancy, now)) follow.channelIds.push(channelId);
  return follow;
}

type Decided = { id: string; decision: Decision };

async function decideAll(
  { events }: Parts,
  held: readonly DeliveryDocument[],
  channel: Parameters<typeof decide>[1],
  now: Date,
): Promise<Decided[]> {
  const byKey = await events.listContents(held.map(({ eventKey }) => eventKey));
  return held.map(({ _id, eventKey, nextAttemptAt }) => {
    const event = byKey.get(eventKey);
    // An event that expired cannot be decided; its delivery is given up when its time comes.
    return {
      id: _id,
      decision: event === undefined ? { outcome: 'hold', until: nextAttemptAt } : decide(event, channel, now),
    };
  });
}

/** @returns the instants until which something is held */
async function write(
  { deliveries }: Parts,
  channel: Channel,
  decided: readonly Decided[],
  now: Date,
): Promise<Date[]> {
  const groups = new Map<string, { decision: Decision; ids: string[] }>();
  for (const { id, decision } of decided) {
    const key = JSON.stringify(decision);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { decision, ids: [id] });
    else group.ids.push(id);
  }
  const openings: Date[] = [];
  for (const { decision, ids } of groups.values()) {
    if (decision.outcome === 'suppress') await deliveries.drop(ids, decision.reason, now);
    else {
      const until = decision.outcome === 'hold' ? decision.until : now;
      await deliveries.holdUntil(ids, until, channel.rulesEpoch, now);
      if (until > now) openings.push(until);
    }
  }
  return openings;
}
