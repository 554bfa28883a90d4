import type { ActionsBlock, Button, ContextBlock, KnownBlock, PlainTextOption } from '@slack/types';
import { isPaused } from '../../domain/decide.ts';
import { describeRules } from '../../domain/describe-rules.ts';
import { type NamedAccount, toIsolatedLabel } from '../../messages/account-name.ts';
import { escapeMrkdwn, mrkdwn, plainText } from '../../messages/block-kit/mrkdwn.ts';
import { readersTime } from '../../messages/block-kit/time.ts';
import { type Channel, needsReconnect } from '../../store/channels/document.ts';
import { type DeliverySummary, isFailing, maxCount, presentTrouble } from '../../store/deliveries/summary.ts';
import { retentionMs } from '../../store/retention.ts';
import { actionIds, channelBlockId } from './action-ids.ts';
import { copy } from './copy.ts';
import { describeReason } from './describe-outcome.ts';
import { button, context, section } from './elements.ts';
import { mentionChannel, mentionPeople } from './mentions.ts';

/** Returns `14`, or `100+` at the maximum. */
export function countUpTo(count: number): string {
  return count < maxCount ? String(count) : `${maxCount}+`;
}

const { card } = copy;

export type ChannelCard = {
  channel: Channel;
  summary: DeliverySummary;
  /** True if the channel has served its account for a day or longer, and Perly has posted no event since. */
  isSilent?: boolean;
  /** `undefined` for a viewer who may not change the channel. */
  links: { move: string; reconnect: string } | undefined;
  /** Given only if there are several accounts. */
  account?: NamedAccount | undefined;
  /** "channel 3 of 12", for screen readers. */
  place: string;
};

/** Builds at most four blocks. */
export function buildChannelCard(shown: ChannelCard, now: Date): KnownBlock[] {
  const { channel, links } = shown;
  return [
    section(`*${mentionChannel(channel)}*\n${escapeMrkdwn(describeRules(channel.rules, now))}`),
    describeNow(shown, now),
    ...(shown.isSilent ? [context(card.silent)] : []),
    links === undefined ? context(describeManagers(channel)) : buildControls(shown, links, now),
  ];
}

function describeNow(shown: ChannelCard, now: Date): ContextBlock {
  const { account } = shown;
  const state = describeState(shown, now);
  const rest = describeSummary(shown, now).join(' · ');
  if (account === undefined) return context([state, ...(rest === '' ? [] : [rest])].join(' · '));
  return {
    type: 'context',
    elements: [
      mrkdwn(`${state} ·`),
      plainText(card.serves(toIsolatedLabel(account))),
      ...(rest === '' ? [] : [mrkdwn(`· ${rest}`)]),
    ],
  };
}

/** Returns mrkdwn. */
function describeState({ channel, summary }: ChannelCard, now: Date): string {
  const states = [...describeObstacle(channel, summary, now), ...describePause(channel, now)];
  if (states.length > 0) return states.join(' · ');
  return isFailing(channel, summary) ? card.failing : card.active;
}

function describeObstacle(channel: Channel, summary: DeliverySummary, now: Date): string[] {
  const trouble = presentTrouble(channel, summary, now);
  if (channel.status === 'broken')
    return [card.broken(escapeMrkdwn(withoutFullStop(channel.brokenReason ?? '')))];
  if (channel.hasUnreadableWebhook === true) return [card.unreadable];
  if (channel.accountId === null) return [card.waiting];
  if (trouble === null) return [];
  return [card.trouble(readersTime(trouble.since.toISOString()), describeReason(trouble.reason))];
}

function describePause({ pausedUntil }: Channel, now: Date): string[] {
  if (!isPaused({ pausedUntil }, now)) return [];
  return pausedUntil instanceof Date
    ? [card.pausedUntil(readersTime(pausedUntil.toISOString()))]
    : [card.pausedUntilResumed];
}

function withoutFullStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function describeSummary({ channel, summary }: ChannelCard, now: Date): string[] {
  return [...describeDeliveries({ channel, summary }, now), ...describeSharing(channel)];
}

/** Sharing is known only once somebody from another organisation was seen in the channel. */
function describeSharing({ externalSeenAt }: Channel): string[] {
  return externalSeenAt === undefined ? [] : [card.external(readersTime(externalSeenAt.toISOString()))];
}

function describeDeliveries(
  { channel, summary }: Pick<ChannelCard, 'channel' | 'summary'>,
  now: Date,
): string[] {
  const { accountId, status } = channel;
  const { lastSentAt, held, nextDigestAt, failed, expired } = summary;
  if (accountId === null) return [];
  const isNew = now.getTime() - channel.servesSince.getTime() < retentionMs;
  const none = isNew ? card.noAlertYet : card.noAlert;
  const works = !needsReconnect(channel) && presentTrouble(channel, summary, now) === null;
  const hadNone = works && failed + expired === 0 ? [none] : [];
  return [
    ...(lastSentAt === null ? hadNone : [card.lastAlert(readersTime(lastSentAt.toISOString()))]),
    ...(held === 0 ? [] : [describeHeld(held, status === 'broken' ? null : nextDigestAt)]),
    ...(failed === 0 ? [] : [card.failed(countUpTo(failed))]),
    ...(expired === 0 ? [] : [card.expired(countUpTo(expired))]),
  ];
}

function describeHeld(held: number, nextDigestAt: Date | null): string {
  const count = countUpTo(held);
  return nextDigestAt === null
    ? card.heldWhileBroken(count)
    : card.held(count, readersTime(nextDigestAt.toISOString()));
}

function describeManagers({ managers }: Channel): string {
  const people = managers === 'everyone' ? '' : mentionPeople(managers);
  return people === '' ? card.managedByNobody : card.managedBy(people);
}

function buildControls(
  { channel, place }: ChannelCard,
  links: { move: string; reconnect: string },
  now: Date,
): ActionsBlock {
  const paused = isPaused(channel, now);
  const labelled = (id: string, text: string, more: { url?: string; style?: 'primary' } = {}): Button =>
    button({ id, text, label: `${text}, ${place}`, ...more });
  return {
    type: 'actions',
    block_id: channelBlockId(channel._id),
    elements: [
      ...(needsReconnect(channel)
        ? [labelled(actionIds.linkReconnect, card.reconnect, { url: links.reconnect, style: 'primary' })]
        : []),
      ...(paused ? [labelled(actionIds.resume, card.resume, { style: 'primary' })] : []),
      labelled(actionIds.editRules, card.editRules),
      labelled(actionIds.activity, card.activity),
      ...(paused ? [] : [labelled(actionIds.pause, card.pause)]),
      {
        type: 'overflow',
        action_id: actionIds.menu,
        options: [
          option('test_alert', card.testAlert),
          option('muted', card.muted),
          option('managers', card.managers),
          { ...option('move', card.move), url: links.move },
          option('disconnect', card.disconnect),
        ],
      },
    ],
  };
}

export type MenuChoice = 'test_alert' | 'muted' | 'managers' | 'disconnect';

function option(value: MenuChoice | 'move', text: string): PlainTextOption {
  return { text: plainText(text), value };
}
