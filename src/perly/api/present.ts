import type { ActivityItem } from '../../channels/activity.ts';
import { explainChannel } from '../../channels/explain.ts';
import type { PerlyEvent } from '../../domain/event.ts';
import type { Channel, Trouble } from '../../store/channels/document.ts';
import { emptySummary, presentTrouble } from '../../store/deliveries/summary.ts';
import type { ChannelResource, EventSummary } from './resources.ts';
import { toRulesResource } from './rules-resource.ts';

const unreadableWebhook =
  'The app cannot decrypt the channel’s webhook URL. Reconnect the channel, or have the app’s operator check APP_SECRETS.';

/** `now` decides whether the pause has ended. */
export function toChannelResource(channel: Channel, summary = emptySummary, now: Date): ChannelResource {
  const pausedUntil = toPausedUntil(channel, now);
  const isBroken = channel.status === 'broken';
  return {
    id: channel._id,
    workspace: { id: channel.teamId, name: channel.teamName },
    slack_channel_id: channel.slackChannelId,
    name: channel.name,
    status: isBroken ? 'broken' : pausedUntil !== null ? 'paused' : 'active',
    paused_until: pausedUntil,
    broken: isBroken
      ? { since: toInstant(channel.brokenAt), reason: channel.brokenReason ?? 'Slack did not say why.' }
      : null,
    trouble: channel.hasUnreadableWebhook === true ? unreadableWebhook : null,
    delivering: toDelivering(presentTrouble(channel, summary, now)),
    explanation: explainChannel(channel, summary, now),
    rules: toRulesResource(channel.rules),
    managers: channel.managers,
    external_acknowledge: channel.externalAcknowledge ?? false,
    connected_by: channel.connectedBy,
    connected_at: channel.connectedAt.toISOString(),
    counts: { held: summary.held, failed: summary.failed },
    last_sent_at: toInstant(summary.lastSentAt),
    next_digest_at: toInstant(summary.nextDigestAt),
  };
}

function toDelivering(trouble: Trouble | null): ChannelResource['delivering'] {
  if (trouble === null) return null;
  const { since, reason, waitsUntil } = trouble;
  return { since: since.toISOString(), reason, waits_until: toInstant(waitsUntil) };
}

function toPausedUntil({ pausedUntil }: Channel, now: Date): ChannelResource['paused_until'] {
  if (pausedUntil === 'until_resumed') return pausedUntil;
  return pausedUntil === null || pausedUntil <= now ? null : pausedUntil.toISOString();
}

export function toEventSummary({ id, type, customer, risk_level, occurred_at }: PerlyEvent): EventSummary {
  return {
    id,
    type,
    customer: { id: customer.id, name: customer.name },
    risk_level: risk_level ?? null,
    occurred_at,
  };
}

export function toActivityResource(item: ActivityItem): Record<string, unknown> {
  return {
    event: toEventSummary(item.event),
    received_at: item.receivedAt.toISOString(),
    outcome: item.outcome,
    reason: item.reason,
    at: toInstant(item.at),
    in_digest: item.inDigest,
    delivery_id: item.deliveryId,
  };
}

/** Returns RFC 3339 in UTC. */
export function toInstant(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
