import { hash } from 'node:crypto';
import { decide } from '../domain/decide.ts';
import type { PerlyEvent } from '../domain/event.ts';
import { isReminding } from '../domain/reminder.ts';
import type { Clock } from '../lib/clock.ts';
import type { ServingChannel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { type DeliveryDocument, deliveryKey, deliveryRef } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventDocument } from '../store/event-document.ts';
import { createSequence, type EventStore, eventKey } from '../store/events.ts';
import type { Mute, MuteStore } from '../store/mutes.ts';
import { afterRetention } from '../store/retention.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import type { Dispatcher, ExpectedChannel } from './dispatcher.ts';
import { noopObserver, type Observer } from './observer.ts';
import { type NextSteps, reevaluateHeld } from './reevaluate-held.ts';

/** Result for a posted event: accepted, already known, or its id was used with other content. */
export type Receipt = 'accepted' | 'duplicate' | 'conflict';

/** Result for posted events: one receipt each, in the same order, and the channels that have something to send now. */
export type Recorded = { receipts: Receipt[]; tenancies: Tenancy[]; openings: Date[] };

export type Recorder = (events: readonly PerlyEvent[]) => Promise<Recorded>;

type Parts = {
  channels: ChannelStore;
  events: EventStore;
  deliveries: DeliveryStore;
  mutes: MuteStore;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  observer?: Observer;
  /** Told ahead of the channels that will have something to send, and wakes them after a failure. */
  dispatcher?: Pick<Dispatcher, 'preacquireLeases' | 'wake'>;
};

/**
 * Decides events for their account's channels and stores them: first the events with their decisions, then the
 * resulting deliveries. When it returns, all of it is durable; if it throws, repeating the call completes what is
 * missing, without duplicates. A batch takes a few round trips.
 */
export function createRecorder(parts: Parts): Recorder {
  const { channels, events, deliveries, clock, observer = noopObserver, dispatcher } = parts;
  const nextSequence = createSequence();

  async function listServed(posted: readonly PerlyEvent[]): Promise<Served> {
    const accountIds = unique(posted.map((event) => event.account_id));
    const customerIds = unique(posted.map((event) => event.customer.id));
    const { channels: served, mutes: muted } = await channels.listWithMutes(accountIds, customerIds);
    const mutesByTenancy = groupBy(muted, ({ channelId, accountId }) => keyOf(channelId, accountId));
    return new Map(
      served.map((channel) => {
        const own = mutesByTenancy.get(keyOf(channel._id, channel.accountId)) ?? [];
        return [channel._id, { ...channel, mutes: own }];
      }),
    );
  }

  /** Rules or mutes may have changed after they were read, and held deliveries been reevaluated without these. */
  async function reevaluateOutdated(held: readonly DeliveryDocument[]): Promise<NextSteps[]> {
    if (held.length === 0) return [];
    const serving = await channels.listServing(unique(held.map(({ channelId }) => channelId)));
    // Recovery ends what a channel no longer serves.
    const outdated = held.filter(({ channelId, accountId, rulesEpoch }) => {
      const now = serving.get(channelId);
      return now?.accountId === accountId && now.rulesEpoch !== rulesEpoch;
    });
    const reevaluated: NextSteps[] = [];
    for (const channelId of unique(outdated.map((delivery) => delivery.channelId)))
      reevaluated.push(await reevaluateHeld(parts, channelId));
    return reevaluated;
  }

  return async (posted) => {
    const now = clock.now();
    const readAt = clock.monotonic();
    const served = await listServed(posted);
    const byAccount = groupBy([...served.values()], ({ accountId }) => accountId);
    const documents = posted.map((event) =>
      toDocument(event, byAccount.get(event.account_id) ?? [], nextSequence(now), now),
    );
    const sending = listSending(documents, served);
    const expected = sending.map(({ _id }) => _id);
    // In the same turn of the event loop as the insert of the events: an engine that syncs both at once takes half
    // the time.
    dispatcher?.preacquireLeases(sending.map((channel) => toExpectedChannel(channel, readAt)));
    try {
      const { channelIds, ...recorded } = await write(documents, served, now);
      return { ...recorded, tenancies: toTenancies([...expected, ...channelIds], served) };
    } catch (error) {
      dispatcher?.wake(expected);
      throw error;
    }
  };

  async function write(documents: readonly EventDocument[], served: Served, now: Date) {
    const taken = await events.insert(documents);
    const repeated = documents.filter((_, index) => taken.has(index)).map(({ _id }) => _id);
    const known = new Map(
      repeated.length === 0 ? [] : (await events.listByKeys(repeated)).map((event) => [event._id, event]),
    );
    const receipts = documents.map((document, index): Receipt => {
      if (!taken.has(index)) return 'accepted';
      return known.get(document._id)?.digest === document.digest ? 'duplicate' : 'conflict';
    });

    // A repeated event completes what a crash between the two writes left out; existing deliveries stay as they are.
    const fresh = documents.filter((_, index) => receipts[index] === 'accepted');
    for (const decision of fresh.flatMap(({ decisions }) => decisions)) observer.decided(decision);
    const due = [...fresh, ...known.values()].flatMap((event) => toDeliveries(event, served, now));
    await deliveries.insert(due);
    const held = due.filter(({ state }) => state === 'held');
    const reevaluated = await reevaluateOutdated(held);
    const written = clock.now();
    const ready = due.filter(({ nextAttemptAt }) => nextAttemptAt <= written);
    const instants = [
      ...held.map(({ nextAttemptAt }) => nextAttemptAt),
      ...reevaluated.flatMap((each) => each.openings),
    ];
    return {
      receipts,
      channelIds: unique([
        ...ready.map(({ channelId }) => channelId),
        ...reevaluated.flatMap((each) => each.channelIds),
      ]),
      openings: unique(instants.map((at) => at.getTime())).map((at) => new Date(at)),
    };
  }
}

type Served = ReadonlyMap<string, ServedChannel>;

type ServedChannel = ServingChannel & { mutes: Mute[] };

function keyOf(channelId: string, accountId: string | null): string {
  return JSON.stringify([channelId, accountId]);
}

function toTenancies(channelIds: readonly string[], served: Served): Tenancy[] {
  const wanted = new Set(channelIds);
  const channels = [...served.values()].filter(({ _id }) => wanted.has(_id));
  return channels.flatMap((channel) => tenancyOf(channel) ?? []);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function toExpectedChannel(
  { _id, rules, brokenAt, needsReevaluation, toSendable }: ServedChannel,
  readAt: number,
): ExpectedChannel {
  const mayHold = rules.timing !== 'at_once' || brokenAt !== null || needsReevaluation;
  return { _id, mayHold, toSendable, readAt };
}

function listSending(documents: readonly EventDocument[], served: Served): ServedChannel[] {
  const decisions = documents.flatMap((document) => document.decisions);
  const ids = unique(decisions.flatMap(({ outcome, channelId }) => (outcome === 'send' ? [channelId] : [])));
  return ids.flatMap((id) => {
    const channel = served.get(id);
    return channel?.status === 'active' ? [channel] : [];
  });
}

function toDocument(
  event: PerlyEvent,
  channels: readonly ServedChannel[],
  sequence: number,
  now: Date,
): EventDocument {
  return {
    _id: eventKey(event.account_id, event.id),
    accountId: event.account_id,
    eventId: event.id,
    digest: hash('sha256', JSON.stringify(event), 'base64url'),
    sequence,
    event,
    decisions: channels.map((channel) => ({
      channelId: channel._id,
      rulesEpoch: channel.rulesEpoch,
      servesSince: channel.servesSince,
      ...decide(event, channel, now),
    })),
    receivedAt: now,
    expiresAt: afterRetention(now),
  };
}

/**
 * Creates a delivery for each channel that gets the event, at once or in its next digest; those of a broken channel
 * are held. A channel that was connected after the event, or is gone, gets nothing.
 */
function toDeliveries(
  { _id, accountId, event, sequence, decisions }: EventDocument,
  served: Served,
  now: Date,
): DeliveryDocument[] {
  return decisions.flatMap((decision) => {
    const channel = served.get(decision.channelId);
    if (channel === undefined || decision.outcome === 'suppress') return [];
    // Decided while the channel served this account, and posted again after it changed accounts.
    if (channel.accountId !== accountId) return [];
    // Reconnected since: the event's deliveries were ended, and must not be repeated.
    if (decision.servesSince.getTime() !== channel.servesSince.getTime()) return [];
    const isHeld = decision.outcome === 'hold';
    const isCritical = event.risk_level === 'critical';
    const digest = channel.status === 'broken' ? 'broken' : isHeld ? 'quiet_hours' : null;
    return {
      _id: deliveryKey(_id, decision.channelId),
      eventKey: _id,
      channelId: decision.channelId,
      accountId,
      ref: deliveryRef(deliveryKey(_id, decision.channelId)),
      state: digest === null ? 'pending' : 'held',
      priority: isCritical ? 0 : 1,
      sequence,
      attempts: 0,
      lostAnswers: 0,
      nextAttemptAt: isHeld ? decision.until : now,
      digest,
      rulesEpoch: decision.rulesEpoch,
      lastError: null,
      acknowledgedBy: null,
      acknowledgedAt: null,
      ...(digest === null &&
        isCritical &&
        isReminding(channel.rules.remindAfter) && { awaitsReminder: true as const }),
      createdAt: now,
      finishedAt: null,
      expiresAt: null,
    };
  });
}
