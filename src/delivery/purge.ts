import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { AuditStore } from '../store/audit.ts';
import type { ChannelAccountStore } from '../store/channel-accounts.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { EventStore } from '../store/events.ts';
import type { HomeViewerStore } from '../store/home-viewers.ts';
import type { InsiderStore } from '../store/insiders.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { LinkConfirmationStore } from '../store/link-confirmations.ts';
import type { LinkStore } from '../store/links.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { NoticeStore } from '../store/notices.ts';
import type { Removal, RemovalStore } from '../store/removals.ts';
import type { AccountRemoval } from './account-removal.ts';
import { forEachAlone } from './for-each-alone.ts';

/** Deletes what is left of removed workspaces and accounts once its time has come. Doing it twice does no harm. */
export type Purge = () => Promise<void>;

export function createPurge(parts: {
  removals: Pick<RemovalStore, 'listDue' | 'remove'>;
  accounts: Pick<AccountRemoval, 'purge'>;
  installations: Pick<InstallationStore, 'findBot'>;
  channelAccounts: Pick<ChannelAccountStore, 'listIdsOfTeam' | 'removeOfTeam'>;
  links: Pick<LinkStore, 'removeOfTeam'>;
  linkConfirmations: Pick<LinkConfirmationStore, 'removeOfTeam'>;
  events: Pick<EventStore, 'removeDecisionsOfTeam'>;
  deliveries: Pick<DeliveryStore, 'removeOfChannel'>;
  mutes: Pick<MuteStore, 'removeOfTeam'>;
  homeViewers: Pick<HomeViewerStore, 'removeOfTeam'>;
  insiders: Pick<InsiderStore, 'removeOfTeam'>;
  audit: Pick<AuditStore, 'listOfTeam' | 'removeOfTeam'>;
  notices: Pick<NoticeStore, 'removeOfTeam'>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): Purge {
  const { removals, channelAccounts, deliveries, audit, clock, logger } = parts;

  /** The audit goes last but one: it names the accounts and channels of which something may be left. */
  async function purgeWorkspace(removal: Removal): Promise<void> {
    const { id: teamId } = removal;
    const now = clock.now();
    // Installed again: what was not connected again has an expiry of its own.
    if ((await parts.installations.findBot(teamId)) === undefined) {
      const known = await audit.listOfTeam(teamId);
      const ids = new Set([...known.channelIds, ...(await channelAccounts.listIdsOfTeam(teamId))]);
      for (const id of ids) await deliveries.removeOfChannel(id, now);
      for (const id of known.accountIds) await parts.events.removeDecisionsOfTeam(id, teamId);
      await parts.mutes.removeOfTeam(teamId);
      await parts.notices.removeOfTeam(teamId);
      await parts.links.removeOfTeam(teamId);
      await parts.linkConfirmations.removeOfTeam(teamId);
      await parts.homeViewers.removeOfTeam(teamId);
      await parts.insiders.removeOfTeam(teamId);
      await channelAccounts.removeOfTeam(teamId, removal.purgeAt);
      await audit.removeOfTeam(teamId, removal.purgeAt);
      logger.info({ teamId }, 'purged a removed workspace');
    }
    await removals.remove(removal);
  }

  return async () => {
    await forEachAlone(await removals.listDue(clock.now()), (removal) =>
      removal.kind === 'account' ? parts.accounts.purge(removal) : purgeWorkspace(removal),
    );
  };
}
