import type { Button, HomeView, KnownBlock } from '@slack/types';
import type { OwnerEntry } from '../../channels/owners.ts';
import { type NamedAccount, toAccountLabel, toIsolatedLabel } from '../../messages/account-name.ts';
import { encodeLinkUrl, mrkdwnLink, plainText } from '../../messages/block-kit/mrkdwn.ts';
import { actionIds } from './action-ids.ts';
import { buildChannelCard, type ChannelCard } from './channel-card.ts';
import { copy } from './copy.ts';
import { button, context, namedSection, section } from './elements.ts';
import { buildLinkQuestion, type LinkQuestion } from './link-account.ts';

/** Channels per page: with three or four blocks each, well below Slack's 100 per view. */
export const channelsPerPage = 15;

export type HomeState = {
  teamId: string;
  cards: readonly ChannelCard[];
  page: number;
  total: number;
  broken: number;
  /** Number of the viewer's channels that wait for an account. */
  waiting: number;
  /** Question to the viewer after returning from Perly. */
  question: LinkQuestion | undefined;
  accounts: readonly NamedAccount[];
  /** The owners whose Slack user the viewer may set. */
  owners: readonly Pick<OwnerEntry, 'userId'>[];
  /** `addChannel` is `undefined` if the viewer first has to choose an account. */
  links: { addChannel: string | undefined };
  help: HelpLinks;
  now: Date;
};

export type HelpLinks = { aboutUrl: string; supportUrl: string; privacyUrl: string };

export function buildHome(state: HomeState): HomeView {
  const { cards, total, help } = state;
  const body =
    total === 0
      ? emptyBody(state)
      : [
          ...openingOf(state),
          ...cards.flatMap((card): KnownBlock[] => [
            { type: 'divider' },
            ...buildChannelCard(card, state.now),
          ]),
          ...pagerOf(state),
        ];
  const private_metadata = JSON.stringify({ teamId: state.teamId });
  return { type: 'home', private_metadata, blocks: [title(), ...body, ...footer(help)] };
}

/** Shown if the data cannot be read, instead of an old state that looks current. */
export function buildHomeTrouble(help: HelpLinks): HomeView {
  return { type: 'home', blocks: [title(), section(copy.home.trouble), ...footer(help)] };
}

function title(): KnownBlock {
  return { type: 'header', text: plainText(copy.home.title) };
}

function emptyBody({ accounts, links }: HomeState): KnownBlock[] {
  const [only] = accounts;
  return [
    section(copy.home.introEmpty),
    section(copy.home.empty),
    ...(only !== undefined && accounts.length === 1
      ? [
          {
            type: 'context' as const,
            elements: [plainText(copy.home.emptyNamed(toIsolatedLabel(only)))],
          },
        ]
      : []),
    {
      type: 'actions',
      elements: [addChannelButton(copy.home.addFirstChannel, links.addChannel, 'primary')],
    },
  ];
}

function addChannelButton(text: string, url: string | undefined, style?: 'primary'): Button {
  const how = url === undefined ? { id: actionIds.addChannel } : { id: actionIds.linkAddChannel, url };
  return button({ text, ...how, ...(style !== undefined && { style }) });
}

function introOf(accounts: readonly NamedAccount[], addChannel: Button): KnownBlock {
  const [only] = accounts;
  if (only === undefined) return section(copy.home.intro, addChannel);
  return accounts.length === 1
    ? namedSection({ name: toAccountLabel(only), after: copy.home.introNamed, rest: '' }, addChannel)
    : section(copy.home.introSeveral(String(accounts.length)), addChannel);
}

function openingOf({ broken, waiting, question, accounts, owners, links }: HomeState): KnownBlock[] {
  const addChannel = addChannelButton(copy.home.addChannel, links.addChannel);
  const linkAccount = button({
    id: actionIds.linkAccount,
    text: copy.home.linkAccount,
    style: 'primary',
  });
  return [
    introOf(accounts, addChannel),
    ...(question !== undefined
      ? buildLinkQuestion(question)
      : waiting === 0
        ? []
        : [section(copy.home.waiting(waiting), linkAccount)]),
    ...(broken === 0 ? [] : [section(copy.home.broken(broken))]),
    ...(owners.length === 0 ? [] : [peopleOf(owners)]),
  ];
}

function peopleOf(owners: HomeState['owners']): KnownBlock {
  const unknown = owners.filter(({ userId }) => userId === null).length;
  return section(
    copy.home.people(owners.length, unknown),
    button({ id: actionIds.people, text: copy.home.peopleButton }),
  );
}

function pagerOf({ page, total, cards }: HomeState): KnownBlock[] {
  if (total <= channelsPerPage) return [];
  const first = page * channelsPerPage + 1;
  const last = first + cards.length - 1;
  const turns = [
    ...(page === 0
      ? []
      : [button({ id: actionIds.previousPage, text: copy.home.previous, value: String(page - 1) })]),
    ...(last >= total
      ? []
      : [button({ id: actionIds.nextPage, text: copy.home.next, value: String(page + 1) })]),
  ];
  return [
    { type: 'divider' },
    context(copy.home.page(first, last, total)),
    { type: 'actions', elements: turns },
  ];
}

function footer({ aboutUrl, supportUrl, privacyUrl }: HelpLinks): KnownBlock[] {
  return [
    { type: 'divider' },
    context(
      copy.home.footer(
        mrkdwnLink(encodeLinkUrl(aboutUrl), copy.home.about),
        mrkdwnLink(encodeLinkUrl(supportUrl), copy.home.support),
        mrkdwnLink(encodeLinkUrl(privacyUrl), copy.home.privacy),
      ),
    ),
  ];
}
