import { describeWeek } from '../domain/describe-week.ts';
import type { Channel } from '../store/channels/document.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import type { ChannelDecision } from '../store/event-document.ts';
import { explainObstacle, type Obstructed } from './explain-obstacle.ts';
import { formatTime } from './format-time.ts';
import { toReasonText } from './reason-text.ts';

type Explained = Obstructed & Pick<Channel, 'trouble'>;

/** @param channel `undefined` if it no longer serves the event's account */
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
  const say = (at: Date) => formatTime(at, channel?.rules.timing);
  switch (state) {
    case 'pending':
      return lastError === null
        ? ((channel && explainObstacle(channel, channel.trouble ?? null)) ?? 'On its way to Slack.')
        : `Not sent yet: ${toReasonText(lastError)}. The next attempt is on ${say(delivery.nextAttemptAt)}.`;
    case 'held':
      return explainHeld(delivery, channel);
    case 'sent':
      return `Sent on ${say(finishedAt ?? delivery.nextAttemptAt)}${delivery.digest === null ? '' : ' with a digest'}.`;
    case 'failed':
      return `Not sent: ${toReasonText(lastError ?? '')}. Perly gave up on ${say(finishedAt ?? delivery.nextAttemptAt)}; it can be retried in Activity.`;
    case 'dropped':
      return `Not sent: ${toReasonText(lastError ?? '')}.`;
  }
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
