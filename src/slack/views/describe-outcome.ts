import type { ActivityItem } from '../../channels/activity.ts';
import { toReasonText } from '../../channels/reason-text.ts';
import { escapeMrkdwn } from '../../messages/block-kit/mrkdwn.ts';
import { readersTime } from '../../messages/block-kit/time.ts';
import type { Channel } from '../../store/channels/document.ts';
import { copy } from './copy.ts';
import { mentionPeople } from './mentions.ts';

const text = copy.activity;

type Sending = Pick<Channel, 'status' | 'trouble' | 'hasUnreadableWebhook'>;

/** Returns mrkdwn. */
export function describeOutcome(item: ActivityItem, channel: Sending): string {
  const { outcome, reason, at, inDigest } = item;
  const time = at === null ? '' : readersTime(at.toISOString());
  switch (outcome) {
    case 'sent':
      return [
        inDigest ? text.sentInDigest(time) : text.sent(time),
        ...describeReminder(item),
        ...describeAcknowledgement(item),
      ].join(' · ');
    case 'pending':
      return (
        describeObstacle(channel, at) ??
        (reason === null ? text.pending : text.pendingAgain(time, describeReason(reason)))
      );
    case 'held':
      return channel.status === 'broken' ? text.heldWhileBroken : text.held(time);
    case 'failed':
      return reason === null ? text.failedPlainly : text.failed(describeReason(reason));
    case 'dropped':
      return text.dropped(describeReason(reason ?? ''));
    case 'suppressed':
      return text.suppressed(describeReason(reason ?? ''));
  }
}

/** Returns `undefined` if the next attempt depends only on the alert. */
function describeObstacle(
  { status, trouble, hasUnreadableWebhook }: Sending,
  nextAttemptAt: Date | null,
): string | undefined {
  if (status === 'broken') return text.heldWhileBroken;
  if (hasUnreadableWebhook === true) return text.unreadable;
  const until = trouble?.waitsUntil ?? undefined;
  if (until === undefined || (nextAttemptAt !== null && until <= nextAttemptAt)) return undefined;
  return text.waits(readersTime(until.toISOString()));
}

function describeReminder({ remindedAt }: ActivityItem): string[] {
  return remindedAt === null ? [] : [text.reminded(readersTime(remindedAt.toISOString()))];
}

function describeAcknowledgement({ acknowledgedBy, undoneBy }: ActivityItem): string[] {
  const who = mentionPeople([acknowledgedBy ?? undoneBy ?? '']);
  if (who === '') return [];
  return [acknowledgedBy === null ? text.undone(who) : text.acknowledged(who)];
}

export function describeReason(reason: string): string {
  return escapeMrkdwn(toReasonText(reason));
}
