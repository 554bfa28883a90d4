import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { AuditStore } from '../store/audit.ts';
import type { ChannelAccountStore } from '../store/channel-accounts.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { EventStore } from '../store/events.ts';
import type { HomeViewerStore } from '../store/home-viewers.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { LinkConfirmationStore } from '../store/link-confirmations.ts';
import type { LinkStore } from '../store/links.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { NoticeStore } from '../store/notices.ts';
import { afterRetention } from '../store/retention.ts';
import type { UntoldStore } from '../store/untold.ts';
import { forEachAlone } from './for-each-alone.ts';
import type { Teller } from './tell.ts';

export type Leaving = ReturnType<typeof createLeaving>;

/** What is deleted when a workspace or an account leaves. Doing it twice, or again after a crash, does no harm. */
export function createLeaving(parts: {
  installations: InstallationStore;
  channelAccounts: ChannelAccountStore;
  links: LinkStore;
  linkConfirmations: Pick<LinkConfirmationStore, 'removeOfTeam' | 'removeOfAccount'>;
  events: EventStore;
  deliveries: DeliveryStore;
  mutes: MuteStore;
  homeViewers: Pick<HomeViewerStore, 'removeOfTeam'>;
  audit: AuditStore;
  notices: Pick<NoticeStore, 'removeOfAccount'>;
  untold: Pick<UntoldStore, 'removeOfAccount'>;
  tell: Teller['tell'];
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}) {
  const { installations, channelAccounts, links, deliveries, mutes, audit, untold, clock, logger } = parts;

  /** The installation goes last: while it is there, the sweep knows that something is left to do. */
  async function finish(teamId: string): Promise<void> {
    const at = clock.now();
    const expiresAt = afterRetention(at);
    const deed = { action: 'disconnected', actor: { kind: 'slack', teamId }, at } as const;
    for (const id of await channelAccounts.listIdsOfTeam(teamId)) {
      const left = await channelAccounts.leave(id, expiresAt, deed);
      await deliveries.removeOfChannel(id);
      await mutes.removeOfChannel(id);
      // Before who changed what is kept for less long: that holds for this too.
      if (left !== undefined) await parts.tell(left);
    }
    await links.removeOfTeam(teamId);
    await parts.linkConfirmations.removeOfTeam(teamId);
    await parts.homeViewers.removeOfTeam(teamId);
    await audit.shortenOfTeam(teamId, expiresAt);
    await installations.removeLeaving(teamId);
    logger.info({ teamId }, 'a workspace left');
  }

  return {
    /**
     * A workspace removed the app, as Slack said: its token, webhooks, links, deliveries, mutes and who opened Home are
     * deleted; rules, and who changed them, are kept for 30 days.
     *
     * @param at when Slack said so; an installation that is newer stays
     */
    async leave(teamId: string, at: Date): Promise<void> {
      if (await installations.startLeaving(teamId, at)) await finish(teamId);
    },

    /** Ends what a crash left half done. */
    async resume(): Promise<void> {
      await forEachAlone(await installations.listLeaving(), finish);
    },

    /** Deletes all that there is of an account, in every workspace. A workspace's installation is not the account's. */
    async removeAccount(accountId: string): Promise<void> {
      await channelAccounts.removeOfAccount(accountId);
      await untold.removeOfAccount(accountId);
      await links.removeOfAccount(accountId);
      await parts.linkConfirmations.removeOfAccount(accountId);
      await deliveries.removeOfAccount(accountId);
      await parts.events.removeOfAccount(accountId);
      await mutes.removeOfAccount(accountId);
      await audit.removeOfAccount(accountId);
      await parts.notices.removeOfAccount(accountId);
      logger.info('an account was deleted');
    },
  };
}
