import type { Channel } from '../../store/channels.ts';
import { clean } from '../messages/clean.ts';
import { cut } from '../messages/cut.ts';
import { escapeText } from '../messages/escape-text.ts';
import { isUserId, mention } from '../messages/mention.ts';
import { toLiteral } from '../messages/to-literal.ts';
import { words } from './words.ts';

/** More people than this are counted, not named. */
const shownPeople = 5;

/** The longest name of a channel that is shown. */
const nameRoom = 80;

/**
 * A channel in mrkdwn. A mention shows its name only to those who may see it; a direct message has no mention, and is
 * only ever its own person's.
 */
export function mentionChannel({ slackChannelId, name }: Pick<Channel, 'slackChannelId' | 'name'>): string {
  if (/^[CG][A-Z0-9]+$/.test(slackChannelId)) return `<#${slackChannelId}>`;
  return escapeText(toLiteral(cut(clean(name) || slackChannelId, nameRoom)));
}

/** People in mrkdwn: "<@U1>, <@U2> and 3 more"; what is no user's id could call a whole channel, and is left out. */
export function mentionPeople(userIds: readonly string[]): string {
  const people = userIds.filter(isUserId).map(mention);
  const more = people.length - shownPeople;
  if (more > 0) return words.andMore(people.slice(0, shownPeople).join(', '), more);
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(people);
}
