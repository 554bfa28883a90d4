import type { Logger } from 'pino';
import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { SendingLock } from '../delivery/sending-lock.ts';
import { classifyAnswer } from '../delivery/webhook/classify-response.ts';
import type { WebhookClient } from '../delivery/webhook/client.ts';
import type { Clock } from '../lib/clock.ts';
import { distinguishAccount, type NamedAccount } from '../messages/account-name.ts';
import { buildLinkedMessage, buildUnlinkedMessage } from '../messages/channel-messages.ts';
import type { WebhookMessage } from '../messages/webhook-message.ts';
import type { Actor } from '../store/audit.ts';
import type { ChannelAccountStore } from '../store/channels/accounts.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { isUndecryptable } from '../store/keyring.ts';
import type { LinkConfirmationStore } from '../store/link-confirmations.ts';
import type { AccountLink, LinkStore, StartedUnlink } from '../store/links.ts';
import type { AccountRemoval } from './account-removal.ts';
import type { TenancyEnder } from './end-tenancy.ts';
import type { OutboxRelay } from './outbox-relay.ts';
import type { Unlinking } from './unlink.ts';

/** The App Home as a link; `undefined` while the app's id is not known, since no workspace installed it yet. */
export type FindHomeUrl = (teamId?: string) => Promise<string | undefined>;

export type Linking = ReturnType<typeof createLinking>;

/**
 * Links workspaces and accounts, and tells the channels. A channel that Slack does not let us tell is linked all the
 * same.
 */
export function createLinking(parts: {
  channels: Pick<ChannelStore, 'findSendable'>;
  channelAccounts: ChannelAccountStore;
  links: LinkStore;
  linkConfirmations: Pick<LinkConfirmationStore, 'removeOfLink'>;
  tenancyEnder: Pick<TenancyEnder, 'recover'>;
  unlinking: Unlinking;
  accounts: Pick<AccountRemoval, 'unlessDeleted'>;
  webhook: Pick<WebhookClient, 'post'>;
  withSendingPaused: SendingLock['withSendingPaused'];
  findHomeUrl: FindHomeUrl;
  publish: OutboxRelay['publish'];
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}) {
  const { channels, channelAccounts, links, tenancyEnder, unlinking, publish, clock, logger } = parts;

  /** @param accountId that the channel serves, or `null`: if it does not any more, the message says what is not so */
  async function post(channelId: string, accountId: string | null, message: WebhookMessage): Promise<void> {
    const sendable = await channels.findSendable(channelId).catch((error: unknown) => {
      if (!isUndecryptable(error)) throw error;
      logger.warn({ err: error, channelId }, 'a channel was not told of its link');
      return undefined;
    });
    if (sendable?.accountId !== accountId) return;
    const answer = await parts.webhook.post(sendable.webhookUrl, message);
    const { kind } = classifyAnswer(answer, clock.now());
    if (kind !== 'sent') logger.warn({ channelId, outcome: kind }, 'a channel was not told of its link');
  }

  async function giveWaiting(link: AccountLink, ids: readonly string[]): Promise<Channel[]> {
    const { teamId, accountId, linkedBy: userId } = link;
    const isNew = await links.save(link);
    const person = { kind: 'user', teamId, userId } as const;
    // A sender of the account of before may be at work, and ends first.
    const changed = await Promise.all(
      ids.map((id) =>
        parts.withSendingPaused(id, () => channelAccounts.link(id, accountId, clock.now(), person)),
      ),
    );
    const linked: Channel[] = [];
    for (const channel of changed.flat()) linked.push(await publish(channel));
    const linkedIds = linked.map(({ _id }) => _id);
    if (!(await unlinking.followUnlink(link, linkedIds, person))) return [];
    if (linked.length === 0 && isNew) await unlinking.removeUnused(link);
    return linked;
  }

  async function takeBack(link: AccountLink, linked: readonly Channel[]): Promise<void> {
    const { teamId, accountId, linkedBy: userId } = link;
    const ids = linked.map(({ _id }) => _id);
    await unlinking.unlinkChannels(teamId, accountId, { kind: 'user', teamId, userId }, ids);
    await unlinking.removeUnused(link);
  }

  /** @returns whether a channel served the account */
  async function finishUnlink(started: StartedUnlink, account: NamedAccount): Promise<boolean> {
    const { teamId, accountId, actor } = started;
    await parts.linkConfirmations.removeOfLink(teamId, accountId);
    const homeUrl = await parts.findHomeUrl(teamId);
    const unlinkOne = async (id: string) => {
      const [unlinked] = await unlinking.unlinkChannels(teamId, accountId, actor, [id]);
      // Built for a channel that is there: any text may have been asked for as a workspace, and be too long for a message.
      if (unlinked !== undefined) await post(id, null, buildUnlinkedMessage(account, homeUrl));
    };
    const served = await channelAccounts.listServing(teamId, accountId);
    // A sender may be at work, and ends first: nothing of the account is posted from then on.
    await Promise.all(served.map((id) => parts.withSendingPaused(id, () => unlinkOne(id))));
    // What came to the account meanwhile.
    const late = await unlinking.unlinkChannels(teamId, accountId, actor);
    await links.finishUnlink(started);
    return served.length + late.length > 0;
  }

  return {
    /**
     * Links a workspace and an account: the channels that wait there and that `linkedBy` manages serve it from now on.
     * Without such a channel nothing is linked.
     *
     * @param issuedAt when Perly signed the token that names the account
     * @returns those channels
     * @throws AppError `account_deleted`
     */
    async link(link: AccountLink, issuedAt: Date): Promise<Channel[]> {
      const { teamId, accountId, linkedBy: userId } = link;
      const ids = await channelAccounts.listWaiting(teamId, userId);
      if (ids.length === 0) return [];
      // What an earlier account left there ends before the channels serve another one.
      await tenancyEnder.recover({ teamId });
      const linked = await parts.accounts.unlessDeleted(
        accountId,
        issuedAt,
        () => giveWaiting(link, ids),
        (done) => takeBack(link, done),
      );
      const homeUrl = await parts.findHomeUrl(teamId);
      const message = buildLinkedMessage(distinguishAccount(link, await links.listByTeam(teamId)), homeUrl);
      await Promise.all(
        linked.map(({ _id }) => parts.withSendingPaused(_id, () => post(_id, accountId, message))),
      );
      logger.info({ teamId, accountId, channels: linked.length }, 'workspace linked');
      return linked;
    },

    /**
     * Undoes it: the workspace's channels that serve the account wait for one again. What waits for them is dropped,
     * their rules stay.
     *
     * @returns whether there was anything to undo
     */
    async unlink(teamId: string, accountId: string, actor: Actor): Promise<boolean> {
      const linked = await links.listByTeam(teamId);
      const link = linked.find((each) => each.accountId === accountId) ?? { accountId, accountName: null };
      const started = { teamId, accountId, actor };
      const wasLinked = await links.startUnlink(started);
      return (await finishUnlink(started, distinguishAccount(link, linked))) || wasLinked;
    },

    /** Ends what processes that died left unlinked in part. */
    async recover(): Promise<void> {
      await forEachIsolated(await links.listUnlinks(), (started) => finishUnlink(started, started));
    },
  };
}
