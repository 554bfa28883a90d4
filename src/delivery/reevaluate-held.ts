import { type DecidableChannel, type DecidableEvent, decide } from '../domain/decide.ts';
import type { Clock } from '../lib/clock.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import type { MuteStore } from '../store/mutes.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';

/** Work that follows a write; recovery does it if the process dies. */
export type NextSteps = {
  channelIds: string[];
  openings: Date[];
};

const pageSize = 500;

type Parts = {
  channels: ChannelStore;
  events: EventStore;
  deliveries: DeliveryStore;
  mutes: MuteStore;
  clock: Pick<Clock, 'now'>;
};

type Present = { channel: DecidableChannel & { rulesEpoch: number }; now: Date };

type Reevaluation = { kind: 'drop'; reason: string } | { kind: 'hold'; until: Date } | { kind: 'keep' };

/**
 * Ignores a pause, which does not affect held deliveries. Due ones in an active channel are left to the
 * holder of its lease, who may be sending them.
 */
export async function reevaluateHeld(parts: Parts, channelId: string): Promise<NextSteps> {
  const { channels, deliveries, clock } = parts;
  const channel = await channels.find(channelId);
  const nextSteps: NextSteps = { channelIds: [], openings: [] };
  if (channel === undefined) return nextSteps;
  const { rulesEpoch } = channel;
  const tenancy = tenancyOf(channel);
  if (tenancy !== undefined) {
    const present = await readPresent(parts, channel, tenancy);
    const { now } = present;
    const which = channel.status === 'broken' ? {} : { after: now };
    nextSteps.openings.push(...(await reevaluateAll(parts, tenancy, present, { state: 'held', ...which })));
    const isLeft = await hasDecidedBefore(deliveries, tenancy, rulesEpoch);
    if (isLeft || (await deliveries.hasHeldDue(tenancy, clock.now()))) nextSteps.channelIds.push(channelId);
  }
  await channels.markReevaluated(channelId, rulesEpoch);
  return nextSteps;
}

/** The caller holds the channel's lease. */
export async function reevaluateWaiting(parts: Parts, channelId: string): Promise<void> {
  const channel = await parts.channels.find(channelId);
  const tenancy = channel && tenancyOf(channel);
  if (channel === undefined || tenancy === undefined) return;
  const present = await readPresent(parts, channel, tenancy);
  for (const state of ['pending', 'held'] as const) await reevaluateAll(parts, tenancy, present, { state });
}

async function readPresent({ mutes, clock }: Parts, channel: Channel, tenancy: Tenancy): Promise<Present> {
  const now = clock.now();
  const muted = await mutes.listByChannel(tenancy, now);
  return { channel: { ...channel, pausedUntil: null, mutes: muted }, now };
}

async function hasDecidedBefore(
  deliveries: DeliveryStore,
  tenancy: Tenancy,
  rulesEpoch: number,
): Promise<boolean> {
  for (const state of ['pending', 'held'] as const)
    if ((await deliveries.listDecidedBefore(tenancy, rulesEpoch, { state }, 1)).length > 0) return true;
  return false;
}

/** @returns the instants until which deliveries are held */
async function reevaluateAll(
  parts: Parts,
  tenancy: Tenancy,
  present: Present,
  which: { state: 'pending' | 'held'; after?: Date },
): Promise<Date[]> {
  const { events, deliveries } = parts;
  const openings: Date[] = [];
  for (;;) {
    const { rulesEpoch } = present.channel;
    const waiting = await deliveries.listDecidedBefore(tenancy, rulesEpoch, which, pageSize);
    if (waiting.length === 0) return openings;
    const byKey = await events.listContents(waiting.map(({ eventKey }) => eventKey));
    const groups = new Map<string, { reevaluation: Reevaluation; ids: string[] }>();
    for (const delivery of waiting) {
      const reevaluation = reevaluateOne(delivery, byKey.get(delivery.eventKey), present);
      const key = JSON.stringify(reevaluation);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { reevaluation, ids: [delivery._id] });
      else group.ids.push(delivery._id);
    }
    for (const { reevaluation, ids } of groups.values()) {
      await write(deliveries, reevaluation, ids, present);
      if (reevaluation.kind === 'hold' && reevaluation.until > present.now) openings.push(reevaluation.until);
    }
  }
}

/** Business hours do not apply to what is already due. */
function reevaluateOne(
  { state, nextAttemptAt }: DeliveryDocument,
  event: DecidableEvent | undefined,
  { channel, now }: Present,
): Reevaluation {
  // A delivery whose event expired fails when it is due.
  if (event === undefined) return { kind: 'keep' };
  const isDue = state === 'pending' || nextAttemptAt <= now;
  const rules = isDue ? { ...channel.rules, timing: 'at_once' as const } : channel.rules;
  const decision = decide(event, { ...channel, rules }, now);
  if (decision.outcome === 'suppress') return { kind: 'drop', reason: decision.reason };
  if (isDue) return { kind: 'keep' };
  return { kind: 'hold', until: decision.outcome === 'hold' ? decision.until : now };
}

async function write(
  deliveries: DeliveryStore,
  reevaluation: Reevaluation,
  ids: readonly string[],
  { channel: { rulesEpoch }, now }: Present,
): Promise<void> {
  switch (reevaluation.kind) {
    case 'drop':
      return deliveries.drop(ids, reevaluation.reason, now);
    case 'hold':
      await deliveries.holdUntil(ids, reevaluation.until, rulesEpoch, now);
      return;
    case 'keep':
      return deliveries.keep(ids, rulesEpoch);
  }
}
