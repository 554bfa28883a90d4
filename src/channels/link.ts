import type { Logger } from 'pino';
import type { SendingLock } from '../delivery/sending-lock.ts';
import { isPaused } from '../domain/decide.ts';
import type { Clock } from '../lib/clock.ts';
import { distinguishAccount } from '../messages/account-name.ts';
import { buildLinkedMessage } from '../messages/channel-messages.ts';
import type { ChannelAccountStore } from '../store/channels/accounts.ts';
import type { Channel } from '../store/channels/document.ts';
import type { AccountLink, LinkStore } from '../store/links.ts';
import type { AccountRemoval } from './account-removal.ts';
import type { ChannelNotices } from './notices.ts';
import type { OutboxRelay } from './outbox-relay.ts';
import type { TenancyCleanup } from './tenancy-cleanup.ts';
import type { FindHomeUrl, Unlinking } from './unlink.ts';

export type Linking = ReturnType<typeof createLinking>;

/** Whether alerts come to the channels that were linked, are paused there, or refused by Slack. */
export type LinkedGroups<T> = Readonly<Record<'on' | 'paused' | 'broken', readonly T[]>>;

export function groupLinked<T>(
  channels: readonly Channel[],
  now: Date,
  toValue: (channel: Channel) => T,
): LinkedGroups<T> {
  const isBroken = ({ status }: Channel) => status === 'broken';
  const working = channels.filter((channel) => !isBroken(channel));
  return {
    on: working.filter((channel) => !isPaused(channel, now)).map(toValue),
    paused: working.filter((channel) => isPaused(channel, now)).map(toValue),
    broken: channels.filter(isBroken).map(toValue),
  };
}

/** A workspace is linked even if the message about it cannot be posted to a channel. */
export function createLinking(parts: {
  channelAccounts: Pick<ChannelAccountStore, 'listWaiting' | 'link'>;
  links: Pick<LinkStore, 'listByTeam'>;
  tenancyCleanup: Pick<TenancyCleanup, 'recover'>;
  unlinking: Unlinking;
  accounts: Pick<AccountRemoval, 'unlessDeleted'>;
  notices: ChannelNotices;
  withSendingPaused: SendingLock['withSendingPaused'];
  findHomeUrl: FindHomeUrl;
  publish: OutboxRelay['publish'];
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}) {
  const { channelAccounts, unlinking, withSendingPaused, clock, logger } = parts;

  async function linkWaiting(link: AccountLink, ids: readonly string[]): Promise<Channel[]> {
    const { teamId, accountId, linkedBy: userId } = link;
    const isNew = await unlinking.saveLink(link);
    const person = { kind: 'user', teamId, userId } as const;
    // Waits for a sender that still works for the previous account.
    const changed = await Promise.all(
      ids.map((id) => withSendingPaused(id, () => channelAccounts.link(id, accountId, clock.now(), person))),
    );
    const linked: Channel[] = [];
    for (const channel of changed.flat()) linked.push(await parts.publish(channel));
    const linkedIds = linked.map(({ _id }) => _id);
    if (!(await unlinking.followUnlink(link, linkedIds, person))) return [];
    if (linked.length === 0 && isNew) await unlinking.removeUnused(link);
    return linked;
  }

  async function undoLink(link: AccountLink, linked: readonly Channel[]): Promise<void> {
    const { teamId, accountId, linkedBy: userId } = link;
    const ids = linked.map(({ _id }) => _id);
    await unlinking.unlinkChannels(teamId, accountId, { kind: 'user', teamId, userId }, { ids });
    await unlinking.removeUnused(link);
  }

  return {
    /** Links nothing if no channel of `linkedBy` waits for an account. @throws AppError `account_deleted` */
    async link(link: AccountLink, issuedAt: Date): Promise<Channel[]> {
      const { teamId, accountId, linkedBy: userId } = link;
      // Channels that are still being unlinked wait for an account after this.
      await unlinking.finishStarted(teamId, accountId);
      const ids = await channelAccounts.listWaiting(teamId, userId);
      if (ids.length === 0) return [];
      // Ends what an earlier account left there before the channels serve another one.
      await parts.tenancyCleanup.recover({ teamId });
      const linked = await parts.accounts.unlessDeleted(
        accountId,
        issuedAt,
        () => linkWaiting(link, ids),
        (done) => undoLink(link, done),
      );
      const homeUrl = await parts.findHomeUrl(teamId);
      const account = distinguishAccount(link, await parts.links.listByTeam(teamId));
      const notified = await Promise.all(
        linked.map(async (channel) => {
          const { _id } = channel;
          const message = buildLinkedMessage(account, homeUrl, isPaused(channel, clock.now()));
          const result = await withSendingPaused(_id, () => parts.notices.post(_id, accountId, message));
          return result.kind === 'refused' ? { ...channel, status: 'broken' as const } : channel;
        }),
      );
      logger.info({ teamId, accountId, channels: linked.length }, 'workspace linked');
      return notified;
    },
  };
}
