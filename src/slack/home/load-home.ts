import type { Channel } from '../../store/channels.ts';
import { emptySummary } from '../../store/delivery-summary.ts';
import type { Viewer } from '../install/slack-links.ts';
import type { ChannelCard } from '../views/channel-card.ts';
import { channelsPerPage, type HomeState } from '../views/home.ts';
import { words } from '../views/words.ts';
import { mayManage } from './may-manage.ts';
import type { HomeServices } from './services.ts';

type HomeData = Pick<HomeServices, 'channels' | 'deliveries' | 'links' | 'help' | 'clock'> & {
  confirmations: Pick<HomeServices['confirmations'], 'find'>;
};

/**
 * What a page of a viewer's Home shows, read from the database in two steps. A page that is not there any more is the
 * last one.
 */
export async function loadHome(
  { channels, deliveries, confirmations, links, help, clock }: HomeData,
  viewer: Viewer,
  wantedPage: number,
): Promise<HomeState> {
  const [found, question] = await Promise.all([
    channels.listByTeam(viewer.teamId),
    confirmations.find(viewer),
  ]);
  const all = found.sort(byNeed);
  const lastPage = Math.max(0, Math.ceil(all.length / channelsPerPage) - 1);
  const page = Math.min(wantedPage, lastPage);
  const shown = all.slice(page * channelsPerPage, (page + 1) * channelsPerPage);
  const summaries = await deliveries.summarise(shown);

  async function toCard(channel: Channel, index: number): Promise<ChannelCard> {
    const [move, reconnect] = await Promise.all([
      links.move(viewer, channel._id),
      links.reconnect(viewer, channel._id),
    ]);
    return {
      channel,
      summary: summaries.get(channel._id) ?? emptySummary,
      links: mayManage(channel, viewer) ? { move, reconnect } : undefined,
      place: words.card.place(page * channelsPerPage + index + 1, all.length),
    };
  }

  return {
    cards: await Promise.all(shown.map(toCard)),
    page,
    total: all.length,
    broken: all.filter(({ status }) => status === 'broken').length,
    waiting: all.filter((channel) => channel.accountId === null && mayManage(channel, viewer)).length,
    question,
    links: { addChannel: servesSeveral(all) ? undefined : await links.addChannel(viewer) },
    help,
    now: clock.now(),
  };
}

/** Whether a workspace's channels are for more than one account: a new one could be for either. */
function servesSeveral(channels: readonly Channel[]): boolean {
  return new Set(channels.flatMap(({ accountId }) => accountId ?? [])).size > 1;
}

/** What needs somebody comes first: broken, then waiting for an account, then in trouble, then the rest, each by name. */
function byNeed(one: Channel, other: Channel): number {
  return (
    needOf(one) - needOf(other) || one.name.localeCompare(other.name, 'en') || (one._id < other._id ? -1 : 1)
  );
}

function needOf({ status, accountId, trouble }: Channel): number {
  if (status === 'broken') return 0;
  if (accountId === null) return 1;
  return trouble ? 2 : 3;
}
