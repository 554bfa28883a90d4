import { describeWeek } from '../domain/describe-week.ts';
import { type Timing, whenToSend } from '../domain/timing.ts';
import { countOf } from '../messages/labels.ts';
import type { Channel } from '../store/channels/document.ts';
import { type DeliverySummary, maxCount, presentTrouble } from '../store/deliveries/summary.ts';
import { explainObstacle } from './explain-obstacle.ts';
import { formatTime } from './format-time.ts';

/** In sentences that can be read to a customer. */
export function explainChannel(channel: Channel, summary: DeliverySummary, now: Date): string {
  const { timing } = channel.rules;
  const { held, failed, nextDigestAt, lastSentAt } = summary;
  const say = (at: Date) => formatTime(at, timing);
  return [
    explainState(channel, summary, now),
    ...(held === 0
      ? []
      : [
          `${count(held)} ${held === 1 ? 'is' : 'are'} held for the next digest${channel.status === 'broken' || nextDigestAt === null ? '' : ` on ${say(nextDigestAt)}`}.`,
        ]),
    ...(failed === 0 ? [] : [`${count(failed)} failed in the last 30 days and can be retried.`]),
    lastSentAt === null
      ? 'No alert was sent in the last 30 days.'
      : `The last alert was sent on ${say(lastSentAt)}.`,
  ].join(' ');
}

function explainState(channel: Channel, summary: DeliverySummary, now: Date): string {
  const { pausedUntil } = channel;
  const { timing } = channel.rules;
  const obstacle = explainObstacle(channel, presentTrouble(channel, summary, now));
  if (obstacle !== undefined) return obstacle;
  if (pausedUntil === 'until_resumed')
    return 'Paused until somebody resumes it. What comes until then is not sent later.';
  if (pausedUntil !== null && pausedUntil > now)
    return `Paused until ${formatTime(pausedUntil, timing)}. What comes until then is not sent later.`;
  return explainTiming(timing, now);
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
