import { isUserId, mention } from '../../messages/block-kit/mrkdwn.ts';
import type { Channel } from '../../store/channels/document.ts';
import { copy } from './copy.ts';

const shownPeople = 5;

/** Mentions a channel: its name is shown only to people who may see it. */
export function mentionChannel({ slackChannelId }: Pick<Channel, 'slackChannelId'>): string {
  return /^[CG][A-Z0-9]+$/.test(slackChannelId) ? `<#${slackChannelId}>` : copy.privateConversation;
}

/** "<@U1>, <@U2> and 3 more". Leaves out ids that are not a user's, which could mention a whole channel. */
export function mentionPeople(userIds: readonly string[]): string {
  const people = userIds.filter(isUserId).map(mention);
  const more = people.length - shownPeople;
  if (more > 0) return copy.andMore(people.slice(0, shownPeople).join(', '), more);
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(people);
}
