import { hash } from 'node:crypto';
import { decide } from '../domain/decide.ts';
import type { PerlyEvent } from '../domain/event.ts';
import { isReminding } from '../domain/reminder.ts';
import type { ServingChannel } from '../store/channels/document.ts';
import { type DeliveryDocument, deliveryKey, deliveryRef } from '../store/deliveries/document.ts';
import type { SimilarAlert } from '../store/deliveries/repeats.ts';
import type { ChannelDecision, EventDocument } from '../store/event-document.ts';
import { eventKey } from '../store/events.ts';
import type { Mute } from '../store/mutes.ts';
import { afterRetention } from '../store/retention.ts';
import type { RepeatCounts } from './record-repeats.ts';
import { findCounting, type SimilarAlerts, toMark, toRecent } from './repeats.ts';

/** All data that decisions about events depend on. */
export type DecisionContext = { served: Served; similar: SimilarAlerts; now: Date };

export type Served = ReadonlyMap<string, ServedChannel>;

export type ServedChannel = ServingChannel & { mutes: Mute[] };

/** An event with the decisions of its account's channels. */
export function toDocument(
  event: PerlyEvent,
  channels: readonly ServedChannel[],
  similar: SimilarAlerts,
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
    decisions: channels.map((channel) => decideFor(event, channel, similar(channel._id, event), now)),
    receivedAt: now,
    expiresAt: afterRetention(now),
  };
}

function decideFor(
  event: PerlyEvent,
  channel: ServedChannel,
  similar: readonly SimilarAlert[],
  now: Date,
): ChannelDecision {
  const decision = decide(event, channel, now, toRecent(similar, channel, now));
  const isRepeat = decision.outcome === 'suppress' && decision.reason === 'repeated';
  return {
    channelId: channel._id,
    rulesEpoch: channel.rulesEpoch,
    servesSince: channel.servesSince,
    ...decision,
    ...(isRepeat && { repeatOf: findCounting(similar)?._id }),
  };
}

/**
 * Creates a delivery for each channel that gets the event, at once or in its next digest; those of a broken channel
 * are held. A channel that was connected after the event, or is gone, gets nothing.
 */
export function toDeliveries(
  { _id, accountId, event, sequence, decisions }: EventDocument,
  counts: RepeatCounts,
  { served, now }: DecisionContext,
): DeliveryDocument[] {
  return decisions.flatMap((decision) => {
    const channel = served.get(decision.channelId);
    if (channel === undefined || decision.outcome === 'suppress') return [];
    // The event was decided while the channel served this account, and posted again after it changed accounts.
    if (channel.accountId !== accountId) return [];
    // The channel was reconnected since: the event's deliveries were ended, and must not be repeated.
    if (decision.servesSince.getTime() !== channel.servesSince.getTime()) return [];
    const isHeld = decision.outcome === 'hold';
    const isCritical = event.risk_level === 'critical';
    const digest = channel.status === 'broken' ? 'broken' : isHeld ? 'quiet_hours' : null;
    const id = deliveryKey(_id, decision.channelId);
    const nextAttemptAt = isHeld ? decision.until : now;
    return {
      _id: id,
      eventKey: _id,
      channelId: decision.channelId,
      accountId,
      ref: deliveryRef(id),
      state: digest === null ? 'pending' : 'held',
      priority: isCritical ? 0 : 1,
      sequence,
      attempts: 0,
      lostAnswers: 0,
      nextAttemptAt,
      digest,
      rulesEpoch: decision.rulesEpoch,
      lastError: null,
      acknowledgedBy: null,
      acknowledgedAt: null,
      ...(digest === null &&
        isCritical &&
        isReminding(channel.rules.remindAfter) && { awaitsReminder: true as const }),
      ...toMark(event, channel, { sendsAt: nextAttemptAt, now, counted: counts.get(id)?.counted }),
      createdAt: now,
      finishedAt: null,
      expiresAt: null,
    };
  });
}
