import type { PerlyEvent } from '../../perly/event.ts';
import { customerName } from './alert-lines.ts';
import { escapeText } from './escape-text.ts';
import { isolate } from './isolate.ts';
import { mention } from './mention.ts';
import { readersTime } from './time.ts';
import { toLiteral } from './to-literal.ts';

/** How many managers are named, and how long a customer's name may be. */
const mostNamed = 5;
const nameRoom = 60;

/** What a person is told of a click, alone: links, mentions and dates as in mrkdwn, but no formatting. */
export const clickAnswers = {
  unknown:
    'Perly does not keep this alert any more, so nothing was changed. Alerts are kept for 30 days, or until the app is ' +
    'removed. The customer’s name in the alert still leads to Perly.',

  gone: 'This channel is not connected to the customer’s Perly account any more, so nothing was changed.',

  muted: (event: PerlyEvent, until: Date) =>
    `${escapeText(toLiteral(isolate(customerName(event, nameRoom))))} is muted in this channel until ` +
    `${readersTime(until.toISOString())}: no alerts come, not even critical ones. To undo it, choose Unmute in the alert.`,

  mutedLonger: (event: PerlyEvent, until: Date) =>
    `${escapeText(toLiteral(isolate(customerName(event, nameRoom))))} was muted for longer already, until ` +
    `${readersTime(until.toISOString())}, and stays so. For a shorter time choose Unmute in the alert, then mute again.`,

  unmuted: (event: PerlyEvent) =>
    `${escapeText(toLiteral(isolate(customerName(event, nameRoom))))} is not muted in this channel any more: alerts come again.`,

  notManager: (managers: readonly string[] | 'everyone') =>
    `Only ${listManagers(managers)} can mute customers in this channel. Everyone can acknowledge alerts.`,
};

/** `<@U1>, <@U2> and 3 others`; everyone but people of other workspaces, with which the channel is shared. */
function listManagers(managers: readonly string[] | 'everyone'): string {
  if (managers === 'everyone') return 'people of the workspace that connected it';
  if (managers.length === 0) return 'its managers';
  const named = managers.slice(0, mostNamed).map(mention);
  const others = managers.length - named.length;
  if (others > 0) return `${named.join(', ')} and ${others} ${others === 1 ? 'other' : 'others'}`;
  return named.length === 1 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}
