import type { Clock } from '../lib/clock.ts';
import type { Actor } from '../store/audit.ts';
import type { ChannelAccountStore } from '../store/channels/accounts.ts';
import type { ChangedChannel } from '../store/channels/outbox.ts';
import type { AccountLink, LinkStore } from '../store/links.ts';
import type { TenancyEnder } from './end-tenancy.ts';
import type { OutboxRelay } from './outbox-relay.ts';

export type Unlinking = ReturnType<typeof createUnlinking>;

/** Takes channels away from an account that their workspace is not linked to any more. */
export function createUnlinking(parts: {
  channelAccounts: Pick<ChannelAccountStore, 'unlink' | 'listServing'>;
  links: Pick<LinkStore, 'listByTeam' | 'remove'>;
  tenancyEnder: Pick<TenancyEnder, 'endFormer'>;
  publish: OutboxRelay['publish'];
  clock: Pick<Clock, 'now'>;
}) {
  const { channelAccounts, links, clock } = parts;

  async function unlinkChannels(
    teamId: string,
    accountId: string,
    actor: Actor,
    ids?: readonly string[],
  ): Promise<ChangedChannel[]> {
    const unlinked = await channelAccounts.unlink(teamId, accountId, clock.now(), actor, ids);
    for (const channel of unlinked) {
      await parts.tenancyEnder.endFormer(channel);
      await parts.publish(channel);
    }
    return unlinked;
  }

  return {
    /** Has a workspace's channels that serve the account wait for one, all or some of them. @returns them */
    unlinkChannels,

    /**
     * Has channels wait that came to an account while it was being unlinked. Others are left alone: one may serve the
     * account without a link, since a process died.
     *
     * @returns whether the account is linked
     */
    async followUnlink(
      { teamId, accountId }: Pick<AccountLink, 'teamId' | 'accountId'>,
      ids: readonly string[],
      actor: Actor,
    ): Promise<boolean> {
      if ((await links.listByTeam(teamId)).some((link) => link.accountId === accountId)) return true;
      await unlinkChannels(teamId, accountId, actor, ids);
      return false;
    },

    /** Takes back a new link that no channel came to, unless somebody linked the two again meanwhile. */
    async removeUnused({
      teamId,
      accountId,
      linkedAt,
    }: Pick<AccountLink, 'teamId' | 'accountId' | 'linkedAt'>): Promise<void> {
      if ((await channelAccounts.listServing(teamId, accountId)).length === 0)
        await links.remove(teamId, accountId, linkedAt);
    },
  };
}
