import type { Clock } from '../clock.ts';
import type { Actor } from '../store/audit.ts';
import type { ChannelAccountStore } from '../store/channel-accounts.ts';
import type { Link, LinkStore } from '../store/links.ts';
import type { ChangedChannel } from '../store/untold.ts';
import type { Endings } from './endings.ts';
import type { Teller } from './tell.ts';

export type Unlinking = ReturnType<typeof createUnlinking>;

/** Takes channels away from an account that their workspace is not linked to any more. */
export function createUnlinking(parts: {
  channelAccounts: Pick<ChannelAccountStore, 'unlink' | 'countServing'>;
  links: Pick<LinkStore, 'listByTeam' | 'remove'>;
  endings: Pick<Endings, 'endFormer'>;
  tell: Teller['tell'];
  clock: Pick<Clock, 'now'>;
}) {
  const { channelAccounts, links, clock } = parts;

  async function unlinkChannels(teamId: string, accountId: string, actor: Actor): Promise<ChangedChannel[]> {
    const unlinked = await channelAccounts.unlink(teamId, accountId, clock.now(), actor);
    for (const channel of unlinked) {
      await parts.endings.endFormer(channel);
      await parts.tell(channel);
    }
    return unlinked;
  }

  return {
    unlinkChannels,

    /** Has channels that came to an account while it was being unlinked wait. @returns whether it is linked */
    async followUnlink(teamId: string, accountId: string, actor: Actor): Promise<boolean> {
      if ((await links.listByTeam(teamId)).some((link) => link.accountId === accountId)) return true;
      await unlinkChannels(teamId, accountId, actor);
      return false;
    },

    /** Takes back a new link whose channels were taken away, or given to another account, in the same moment. */
    async removeUnused({ teamId, accountId }: Pick<Link, 'teamId' | 'accountId'>): Promise<void> {
      if ((await channelAccounts.countServing(teamId, accountId)) === 0)
        await links.remove(teamId, accountId);
    },
  };
}
