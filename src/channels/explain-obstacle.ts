import type { Channel, Trouble } from '../store/channels/document.ts';
import { formatTime } from './format-time.ts';
import { toReasonText } from './reason-text.ts';

export type Obstructed = Pick<
  Channel,
  'rules' | 'status' | 'brokenAt' | 'brokenReason' | 'hasUnreadableWebhook'
>;

/** In sentences that can be read to a customer; `undefined` if Slack takes alerts. */
export function explainObstacle(channel: Obstructed, trouble: Trouble | null): string | undefined {
  const { rules, status, brokenAt, brokenReason } = channel;
  const say = (at: Date) => formatTime(at, rules.timing);
  if (status === 'broken') {
    const since = brokenAt === null ? '' : ` since ${say(brokenAt)}`;
    return `Slack has taken no alerts for this channel${since}. ${brokenReason ?? 'Slack did not say why.'} Alerts are held until the channel is reconnected, and then sent with a digest.`;
  }
  if (channel.hasUnreadableWebhook === true)
    return 'Alerts wait, because the app cannot read the channel’s webhook. Reconnect the channel.';
  if (trouble === null) return undefined;
  const next = trouble.waitsUntil === null ? '' : ` on ${say(trouble.waitsUntil)}`;
  return `Slack has not taken alerts for this channel since ${say(trouble.since)}: ${toReasonText(trouble.reason)}. Perly tries again${next}.`;
}
