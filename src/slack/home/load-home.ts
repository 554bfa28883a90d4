import { mayManage, type Viewer } from '../../domain/permissions.ts';
import { dayMs } from '../../lib/time.ts';
import { distinguishAccount, distinguishAccounts, type NamedAccount } from '../../messages/account-name.ts';
import type { Channel } from '../../store/channels/document.ts';
import { type DeliverySummary, emptySummary } from '../../store/deliveries/summary.ts';
import type { ChannelCard } from '../views/channel-card.ts';
import { copy } from '../views/copy.ts';
import { channelsPerPage, type HomeState } from '../views/home.ts';
import { listPeople } from './load-people.ts';
import type { HomeServices } from './services.ts';

type HomeData = Pick<
  HomeServices,
  'channels' | 'deliveries' | 'events' | 'listAccounts' | 'links' | 'help' | 'clock'
> & {
  confirmations: Pick<HomeServices['confirmations'], 'find'>;
  owners: Pick<HomeServices['owners'], 'list'>;
};

/** Replaces a page beyond the end by the last one. */
export async function loadHome(
  { channels, deliveries, events, owners, confirmations, listAccounts, links, help, clock }: HomeData,
  viewer: Viewer,
  wantedPage: number,
): Promise<HomeState> {
  const [found, question, linked] = await Promise.all([
    channels.listByTeam(viewer.teamId),
    confirmations.find(viewer),
    listAccounts(viewer.teamId),
  ]);
  const all = found.sort(byUrgency);
  const accounts = distinguishAccounts(namedAccounts(linked, all));
  const [onlyAccount] = accounts;
  const lastPage = Math.max(0, Math.ceil(all.length / channelsPerPage) - 1);
  const page = Math.min(wantedPage, lastPage);
  const shown = all.slice(page * channelsPerPage, (page + 1) * channelsPerPage);
  const people = await listPeople({ owners }, viewer, { channels: all, linked });
  const summaries = await deliveries.summarise(shown);
  const now = clock.now();
  const silent = await findSilent(
    events,
    shown.filter((channel) => isWithoutAlert(channel, summaries.get(channel._id) ?? emptySummary, now)),
  );

  async function toCard(channel: Channel, index: number): Promise<ChannelCard> {
    const [move, reconnect] = await Promise.all([
      links.move(viewer, channel._id),
      links.reconnect(viewer, channel._id),
    ]);
    return {
      channel,
      summary: summaries.get(channel._id) ?? emptySummary,
      isSilent: silent.has(channel),
      links: mayManage(channel, viewer) ? { move, reconnect } : undefined,
      account:
        accounts.length > 1 ? accounts.find((each) => each.accountId === channel.accountId) : undefined,
      place: copy.card.place(page * channelsPerPage + index + 1, all.length),
    };
  }

  return {
    teamId: viewer.teamId,
    cards: await Promise.all(shown.map(toCard)),
    page,
    total: all.length,
    broken: all.filter(({ status }) => status === 'broken').length,
    waiting: all.filter((channel) => channel.accountId === null && mayManage(channel, viewer)).length,
    question: question && distinguishAccount(question, namedAccounts(linked, all)),
    accounts,
    owners: people.flatMap((one) => one.owners),
    links: {
      addChannel: accounts.length > 1 ? undefined : await links.addChannel(viewer, onlyAccount?.accountId),
    },
    help,
    now,
  };
}

function isWithoutAlert(
  { status, accountId, servesSince }: Channel,
  { isWaiting, lastSentAt, held, failed, expired }: DeliverySummary,
  now: Date,
): boolean {
  if (status !== 'active' || accountId === null || now.getTime() - servesSince.getTime() < dayMs)
    return false;
  return !isWaiting && lastSentAt === null && held === 0 && failed + expired === 0;
}

async function findSilent(events: HomeData['events'], channels: readonly Channel[]): Promise<Set<Channel>> {
  const silent = new Set<Channel>();
  for (const channel of channels)
    if (channel.accountId !== null && !(await events.hasSince(channel.accountId, channel.servesSince)))
      silent.add(channel);
  return silent;
}

function namedAccounts(linked: readonly NamedAccount[], channels: readonly Channel[]): NamedAccount[] {
  const known = new Map(linked.map(({ accountId, accountName }) => [accountId, accountName]));
  for (const { accountId } of channels)
    if (accountId !== null && !known.has(accountId)) known.set(accountId, null);
  return [...known].map(([accountId, accountName]) => ({ accountId, accountName }));
}

/** Puts first what needs attention: broken, waiting for an account, in trouble; each group by name. */
function byUrgency(one: Channel, other: Channel): number {
  return (
    urgencyOf(one) - urgencyOf(other) ||
    one.name.localeCompare(other.name, 'en') ||
    (one._id < other._id ? -1 : 1)
  );
}

function urgencyOf({ status, accountId, trouble }: Channel): number {
  if (status === 'broken') return 0;
  if (accountId === null) return 1;
  return trouble ? 2 : 3;
}
