import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { SendingLock } from '../delivery/sending-lock.ts';
import type { Clock } from '../lib/clock.ts';
import { distinguishAccount, type NamedAccount } from '../messages/account-name.ts';
import { buildUnlinkedMessage } from '../messages/channel-messages.ts';
import type { Actor } from '../store/audit.ts';
import type { ChannelAccountStore, WhichChannels } from '../store/channels/accounts.ts';
import type { ChangedChannel } from '../store/channels/outbox.ts';
import type { LinkConfirmationStore } from '../store/link-confirmations.ts';
import { type AccountLink, type LinkStore, linkKey, type StartedUnlink } from '../store/links.ts';
import type { OwnerUserStore } from '../store/owner-users.ts';
import type { UsedTokenStore } from '../store/used-tokens.ts';
import type { ChannelNotices } from './notices.ts';
import type { OutboxRelay } from './outbox-relay.ts';
import type { TenancyCleanup } from './tenancy-cleanup.ts';

/** The URL is `undefined` while no workspace has installed the app, because the app's id is then unknown. */
export type FindHomeUrl = (teamId?: string) => Promise<string | undefined>;

export type Unlinking = ReturnType<typeof createUnlinking>;

/** A link records that it is being undone; linking the two again, or recovery, finishes that first. */
export function createUnlinking(parts: {
  channelAccounts: Pick<ChannelAccountStore, 'unlink' | 'listServing'>;
  links: LinkStore;
  linkConfirmations: Pick<LinkConfirmationStore, 'removeOfLink'>;
  ownerUsers: Pick<OwnerUserStore, 'removeOfLink'>;
  usedTokens: Pick<UsedTokenStore, 'finishBegunBy'>;
  tenancyCleanup: Pick<TenancyCleanup, 'endFormer'>;
  notices: ChannelNotices;
  withSendingPaused: SendingLock['withSendingPaused'];
  findHomeUrl: FindHomeUrl;
  publish: OutboxRelay['publish'];
  homeChanged: (teamId: string) => void;
  clock: Pick<Clock, 'now'>;
}) {
  const { channelAccounts, links, clock } = parts;

  const isLinked = async (teamId: string, accountId: string) =>
    (await links.listByTeam(teamId)).some((link) => link.accountId === accountId);

  async function unlinkChannels(
    teamId: string,
    accountId: string,
    actor: Actor,
    which?: WhichChannels,
  ): Promise<ChangedChannel[]> {
    const unlinked = await channelAccounts.unlink(teamId, accountId, clock.now(), actor, which);
    for (const channel of unlinked) {
      await parts.tenancyCleanup.endFormer(channel);
      await parts.publish(channel);
    }
    return unlinked;
  }

  /** Leaves out channels that serve the account by a link that was made since. */
  async function unlinkUnlessLinked(
    { teamId, accountId, actor }: StartedUnlink,
    ids?: readonly string[],
  ): Promise<ChangedChannel[]> {
    const until = clock.now();
    if (await isLinked(teamId, accountId)) return [];
    return unlinkChannels(teamId, accountId, actor, { until, ...(ids && { ids }) });
  }

  /** @param pausedId the channel that the caller paused @returns whether a channel served the account */
  async function finish(started: StartedUnlink, account: NamedAccount, pausedId?: string): Promise<boolean> {
    const { teamId, accountId } = started;
    await parts.usedTokens.finishBegunBy(linkKey(teamId, accountId));
    await parts.linkConfirmations.removeOfLink(teamId, accountId);
    await parts.ownerUsers.removeOfLink({ teamId, accountId });
    const homeUrl = await parts.findHomeUrl(teamId);
    const unlinkOne = async (id: string) => {
      const [unlinked] = await unlinkUnlessLinked(started, [id]);
      // Built only for an existing channel: any text may have been given as a workspace, too long for a message.
      if (unlinked !== undefined) await parts.notices.post(id, null, buildUnlinkedMessage(account, homeUrl));
    };
    const served = await channelAccounts.listServing(teamId, accountId);
    // Waits for active senders: nothing of the account is posted from then on.
    await Promise.all(
      served.map((id) =>
        id === pausedId ? unlinkOne(id) : parts.withSendingPaused(id, () => unlinkOne(id)),
      ),
    );
    const late = await unlinkUnlessLinked(started);
    const hadLink = await links.finishUnlink(started);
    const hadChannel = served.length + late.length > 0;
    // Channels publish their own change.
    if (hadLink && !hadChannel) parts.homeChanged(teamId);
    return hadChannel;
  }

  async function finishStarted(teamId: string, accountId: string, pausedId?: string): Promise<void> {
    const started = await links.findUnlink(teamId, accountId);
    if (started !== undefined) await finish(started, started, pausedId);
  }

  return {
    unlinkChannels,

    finishStarted,

    /** @param pausedId the channel that the caller paused @returns whether they were not linked */
    async saveLink(link: AccountLink, pausedId?: string): Promise<boolean> {
      for (;;) {
        const saved = await links.save(link);
        if (saved !== 'unlinking') return saved === 'new';
        await finishStarted(link.teamId, link.accountId, pausedId);
      }
    },

    /**
     * Unlinks channels that were linked while the account was being unlinked.
     * @returns whether the account is linked
     */
    async followUnlink(
      { teamId, accountId }: Pick<AccountLink, 'teamId' | 'accountId'>,
      ids: readonly string[],
      actor: Actor,
    ): Promise<boolean> {
      if (await isLinked(teamId, accountId)) return true;
      await unlinkChannels(teamId, accountId, actor, { ids });
      return false;
    },

    async removeUnused({
      teamId,
      accountId,
      linkedAt,
    }: Pick<AccountLink, 'teamId' | 'accountId' | 'linkedAt'>): Promise<void> {
      if ((await channelAccounts.listServing(teamId, accountId)).length === 0)
        await links.remove(teamId, accountId, linkedAt);
    },

    /** Drops waiting deliveries, but keeps the rules. @returns whether there was anything to unlink */
    async unlink(teamId: string, accountId: string, actor: Actor): Promise<boolean> {
      const linked = await links.listByTeam(teamId);
      const link = linked.find((each) => each.accountId === accountId) ?? { accountId, accountName: null };
      const started = { teamId, accountId, actor, at: clock.now() };
      const wasLinked = await links.startUnlink(started);
      return (await finish(started, distinguishAccount(link, linked))) || wasLinked;
    },

    async recover(): Promise<void> {
      await forEachIsolated(await links.listUnlinks(), (started) => finish(started, started));
    },
  };
}
