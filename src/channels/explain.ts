import { DateTime } from 'luxon';
import { describeWeek } from '../domain/describe-week.ts';
import { cityOf } from '../domain/time-zone.ts';
import { type Timing, weekOf, whenToSend } from '../domain/timing.ts';
import { countOf } from '../messages/labels.ts';
import type { Channel, Trouble } from '../store/channels/document.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import { type DeliverySummary, isFailing, maxCount, presentTrouble } from '../store/deliveries/summary.ts';
import type { ChannelDecision } from '../store/event-document.ts';
import { toReasonText } from './reason-text.ts';

/** Describes the state of a channel, in sentences that can be read to a customer. */
export function explainChannel(channel: Channel, summary: DeliverySummary, now: Date): string {
  const { timing } = channel.rules;
  const { held, failed, expired, nextDigestAt, lastSentAt } = summary;
  const format = (at: Date) => formatTime(at, timing);
  return [
    explainState(channel, summary, now),
    ...(held === 0
      ? []
      : [
          `${count(held)} ${held === 1 ? 'is' : 'are'} held for the next digest${channel.status === 'broken' || nextDigestAt === null ? '' : ` on ${format(nextDigestAt)}`}.`,
        ]),
    ...(isFailing(channel, summary) ? ['The latest alert failed.'] : []),
    ...(failed === 0 ? [] : [`${count(failed)} failed in the last 30 days and can be retried.`]),
    ...(expired === 0 ? [] : [`${count(expired)} could not be sent, and cannot be retried.`]),
    lastSentAt === null
      ? 'No alert was sent in the last 30 days.'
      : `The last alert was sent on ${format(lastSentAt)}.`,
  ].join(' ');
}

function explainState(channel: Channel, summary: DeliverySummary, now: Date): string {
  const obstacle = explainObstacle(channel, presentTrouble(channel, summary, now));
  const pause = explainPause(channel, now);
  if (obstacle === undefined) return pause ?? explainTiming(channel.rules.timing, now);
  return pause === undefined ? obstacle : `${obstacle} ${pause}`;
}

function explainPause({ pausedUntil, rules }: Channel, now: Date): string | undefined {
  if (pausedUntil === 'until_resumed')
    return 'Paused until somebody resumes it. What comes until then is not sent later.';
  if (pausedUntil === null || pausedUntil <= now) return undefined;
  return `Paused until ${formatTime(pausedUntil, rules.timing)}. What comes until then is not sent later.`;
}

function explainTiming(timing: Timing, now: Date): string {
  if (timing === 'at_once') return 'Alerts that its rules let through are sent at once.';
  const at = whenToSend(timing, now);
  if (timing.kind === 'daily_digest') {
    const next = at === null ? '' : `, the next on ${formatTime(at, timing)}`;
    return `Critical alerts are sent at once, others with one digest a day${next}.`;
  }
  const hours = `business hours (${describeWeek(timing, 'hours')})`;
  if (at === null) return `It is outside ${hours}: critical alerts are sent at once, others not at all.`;
  return at > now
    ? `It is outside ${hours}: critical alerts are sent at once, others are held until ${formatTime(at, timing)}.`
    : `It is within ${hours}: alerts that its rules let through are sent at once.`;
}

function count(alerts: number): string {
  return alerts >= maxCount ? `${maxCount} or more alerts` : countOf(alerts, 'alert');
}

type Explained = Obstructed & Pick<Channel, 'trouble'>;

/** @param channel is `undefined` if it no longer serves the event's account */
export function explainDelivery(
  decision: ChannelDecision,
  delivery: DeliveryDocument | undefined,
  channel: Explained | undefined,
): string {
  if (delivery === undefined)
    return decision.outcome === 'suppress'
      ? `Not sent, because ${toReasonText(decision.reason)}.`
      : 'No alert is recorded: the event has only just come, or the channel was connected anew or disconnected meanwhile.';
  const { state, lastError, finishedAt } = delivery;
  const format = (at: Date) => formatTime(at, channel?.rules.timing);
  switch (state) {
    case 'pending':
      return explainPending(delivery, channel);
    case 'held':
      return explainHeld(delivery, channel);
    case 'sent':
      return `Sent on ${format(finishedAt ?? delivery.nextAttemptAt)}${delivery.digest === null ? '' : ' with a digest'}.`;
    case 'failed':
      return `${describeUnsent(delivery)}: ${toReasonText(lastError ?? '')}. Perly gave up on ${format(finishedAt ?? delivery.nextAttemptAt)}; it can be retried in Activity.`;
    case 'dropped':
      return `Not sent: ${toReasonText(lastError ?? '')}.`;
  }
}

/** After a lost answer, the alert may be in the channel. */
function describeUnsent({ lostAnswers }: DeliveryDocument): string {
  return lostAnswers > 0 ? 'Not confirmed by Slack' : 'Not sent';
}

function explainPending(delivery: DeliveryDocument, channel: Explained | undefined): string {
  const { lastError, nextAttemptAt } = delivery;
  const trouble = channel?.trouble ?? null;
  const isNew = lastError === null;
  const isBlocked = (trouble?.waitsUntil ?? nextAttemptAt) > nextAttemptAt;
  // Its own error says more than the channel's, unless the channel waits for longer.
  const obstacle = channel && explainObstacle(channel, isNew || isBlocked ? trouble : null);
  if (obstacle !== undefined) return obstacle;
  if (isNew) return 'On its way to Slack.';
  const next = formatTime(nextAttemptAt, channel?.rules.timing);
  return `${describeUnsent(delivery)} yet: ${toReasonText(lastError)}. The next attempt is on ${next}.`;
}

function explainHeld({ digest, nextAttemptAt }: DeliveryDocument, channel: Explained | undefined): string {
  if (digest === 'broken' || channel?.status === 'broken') {
    const why = channel?.brokenReason ? ` ${channel.brokenReason}` : '';
    return channel?.status === 'broken'
      ? `Held, because Slack takes no alerts for this channel.${why} It is sent with a digest once the channel is reconnected.`
      : 'Held while the channel was broken. It is sent with the next digest.';
  }
  const timing = channel?.rules.timing ?? 'at_once';
  const until = `Held until ${formatTime(nextAttemptAt, timing)}`;
  if (timing === 'at_once') return `${until}. It is sent with a digest then.`;
  const why =
    timing.kind === 'daily_digest'
      ? `because this channel gets one digest a day: ${describeWeek(timing, 'starts')}`
      : `because it came outside this channel’s business hours: ${describeWeek(timing, 'hours')}`;
  return `${until}, ${why}. It is sent with a digest then.`;
}

type Obstructed = Pick<Channel, 'rules' | 'status' | 'brokenAt' | 'brokenReason' | 'hasUnreadableWebhook'>;

/** Says why Slack takes no alerts, so that it can be read to a customer; `undefined` if Slack takes them. */
function explainObstacle(channel: Obstructed, trouble: Trouble | null): string | undefined {
  const { rules, status, brokenAt, brokenReason } = channel;
  const format = (at: Date) => formatTime(at, rules.timing);
  if (status === 'broken') {
    const since = brokenAt === null ? '' : ` since ${format(brokenAt)}`;
    return `Slack has taken no alerts for this channel${since}. ${brokenReason ?? 'Slack did not say why.'} Alerts are held until the channel is reconnected, and then sent with a digest.`;
  }
  if (channel.hasUnreadableWebhook === true)
    return 'Alerts wait, because the app cannot read the channel’s webhook. Reconnect the channel.';
  if (trouble === null) return undefined;
  const next = trouble.waitsUntil === null ? '' : ` on ${format(trouble.waitsUntil)}`;
  return `Slack has not taken alerts for this channel since ${format(trouble.since)}: ${toReasonText(trouble.reason)}. Perly tries again${next}.`;
}

/** Formats as "Monday 30 November 2026, 09:00 (Berlin)", in the zone of the quiet hours, else in UTC. */
function formatTime(at: Date, timing: Timing = 'at_once'): string {
  const zone = weekOf(timing)?.timeZone ?? 'UTC';
  const formatted = DateTime.fromJSDate(at, { zone }).setLocale('en').toFormat('cccc d LLLL yyyy, HH:mm');
  return `${formatted} (${cityOf(zone)})`;
}
