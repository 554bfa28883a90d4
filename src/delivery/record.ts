import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { PerlyEvent } from '../perly/event.ts';
import { decide } from '../rules/decide.ts';
import type { Channel, ChannelStore } from '../store/channels.ts';
import { type DeliveryDocument, type DeliveryStore, deliveryKey } from '../store/deliveries.ts';
import { type EventDocument, type EventStore, eventKey } from '../store/events.ts';
import { afterRetention } from '../store/retention.ts';

/** What became of a posted event: taken, known already, or its id was taken with other content. */
export type Receipt = 'accepted' | 'duplicate' | 'conflict';

export type Recorder = (events: readonly PerlyEvent[]) => Promise<{
  /** One for each event, in the same order. */
  receipts: Receipt[];
  /** The channels that have something to send now. */
  channelIds: string[];
}>;

type Parts = { channels: ChannelStore; events: EventStore; deliveries: DeliveryStore; clock: Clock };

/**
 * Decides events for their account's channels and writes them down: first the events with their decisions, then the
 * deliveries that follow from them. When it returns, all of it is durable; when it throws, the same call again
 * completes what was left half done, and nothing is there twice. A batch costs four round trips at most.
 */
export function createRecorder({ channels, events, deliveries, clock }: Parts): Recorder {
  const nextSequence = createSequence();

  return async (posted) => {
    const now = clock.now();
    const served = await channels.listByAccounts([...new Set(posted.map((event) => event.account_id))]);
    const byAccount = groupByAccount(served);
    const broken = new Set(served.filter(({ status }) => status === 'broken').map(({ _id }) => _id));
    const documents = posted.map((event) =>
      toDocument(event, byAccount.get(event.account_id) ?? [], nextSequence(now), now),
    );

    const taken = await events.insert(documents);
    const repeated = documents.filter((_, index) => taken.has(index)).map(({ _id }) => _id);
    const known = new Map(
      repeated.length === 0 ? [] : (await events.listByKeys(repeated)).map((event) => [event._id, event]),
    );
    const receipts = documents.map((document, index): Receipt => {
      if (!taken.has(index)) return 'accepted';
      return known.get(document._id)?.digest === document.digest ? 'duplicate' : 'conflict';
    });

    // A repeat completes what a crash between the two writes left out; a delivery that is there stays as it is.
    const fresh = documents.filter((_, index) => receipts[index] === 'accepted');
    const due = [...fresh, ...known.values()].flatMap((event) => toDeliveries(event, broken, now));
    await deliveries.insert(due);
    return { receipts, channelIds: [...new Set(due.map(({ channelId }) => channelId))] };
  };
}

function groupByAccount(channels: readonly Channel[]): Map<string | null, Channel[]> {
  const groups = new Map<string | null, Channel[]>();
  for (const channel of channels) {
    const group = groups.get(channel.accountId);
    if (group === undefined) groups.set(channel.accountId, [channel]);
    else group.push(channel);
  }
  return groups;
}

function toDocument(
  event: PerlyEvent,
  channels: readonly Channel[],
  sequence: number,
  now: Date,
): EventDocument {
  return {
    _id: eventKey(event.account_id, event.id),
    accountId: event.account_id,
    eventId: event.id,
    digest: createHash('sha256').update(JSON.stringify(event)).digest('base64url'),
    sequence,
    event,
    decisions: channels.map((channel) => ({
      channelId: channel._id,
      ...decide(event, { rules: channel.rules, pausedUntil: channel.pausedUntil, mutes: [] }, now),
    })),
    receivedAt: now,
    expiresAt: afterRetention(now),
  };
}

/** One delivery for each channel that is to get the event; what a broken channel is to get is held for it. */
function toDeliveries(
  { _id, event, sequence, decisions }: EventDocument,
  broken: ReadonlySet<string>,
  now: Date,
): DeliveryDocument[] {
  return decisions
    .filter(({ outcome }) => outcome === 'send')
    .map(({ channelId }) => ({
      _id: deliveryKey(_id, channelId),
      eventKey: _id,
      channelId,
      state: broken.has(channelId) ? 'held' : 'pending',
      priority: event.risk_level === 'critical' ? 0 : 1,
      sequence,
      attempts: 0,
      lostAnswers: 0,
      nextAttemptAt: now,
      digestId: null,
      lastError: null,
      createdAt: now,
      finishedAt: null,
      expiresAt: null,
    }));
}

/**
 * Numbers that grow with time and, within a process, with every call: milliseconds since 1970 times 1000, so that a
 * batch of a thousand events has room in its millisecond, and still exact in a double.
 */
function createSequence(): (now: Date) => number {
  let last = 0;
  return (now) => {
    last = Math.max(last + 1, now.getTime() * 1000);
    return last;
  };
}
