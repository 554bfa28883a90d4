import type { Logger } from 'pino';
import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { Clock } from '../lib/clock.ts';
import type { AuditStore } from '../store/audit.ts';
import type { ChannelAccountStore } from '../store/channels/accounts.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import type { HomeViewerStore } from '../store/home-viewers.ts';
import type { InsiderStore } from '../store/insiders.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { LinkConfirmationStore } from '../store/link-confirmations.ts';
import type { LinkStore } from '../store/links.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { OutgoingWebhookStore } from '../store/outgoing-webhooks.ts';
import type { OwnerUserStore } from '../store/owner-users.ts';
import type { Removal, RemovalStore } from '../store/removals.ts';
import type { AccountRemoval } from './account-removal.ts';

/** Deletes what is left of removed workspaces and accounts when due. Idempotent. */
export type Purge = () => Promise<void>;

export function createPurge(parts: {
  removals: Pick<RemovalStore, 'listDue' | 'remove'>;
  accounts: Pick<AccountRemoval, 'purge'>;
  installations: Pick<InstallationStore, 'findBot'>;
  channelAccounts: Pick<ChannelAccountStore, 'listIdsOfTeam' | 'listIdsConnectedSince' | 'removeOfTeam'>;
  links: Pick<LinkStore, 'removeOfTeam'>;
  linkConfirmations: Pick<LinkConfirmationStore, 'removeOfTeam'>;
  events: Pick<EventStore, 'removeDecisionsOfChannels'>;
  deliveries: Pick<DeliveryStore, 'removeOfChannel'>;
  mutes: Pick<MuteStore, 'removeAllOfChannel'>;
  ownerUsers: Pick<OwnerUserStore, 'removeOfTeam'>;
  homeViewers: Pick<HomeViewerStore, 'removeOfTeam'>;
  insiders: Pick<InsiderStore, 'removeOfTeam'>;
  audit: Pick<AuditStore, 'listOfTeam' | 'listChannelsConnectedSince' | 'removeOfChannels' | 'removeOfTeam'>;
  outgoingWebhooks: Pick<OutgoingWebhookStore, 'removeOfChannels'>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): Purge {
  const { removals, channelAccounts, deliveries, audit, clock, logger } = parts;

  async function listLeft({ id: teamId, removedAt }: Removal, audited: readonly string[]): Promise<string[]> {
    const [all, connectedSince, connectedByAudit] = await Promise.all([
      channelAccounts.listIdsOfTeam(teamId),
      channelAccounts.listIdsConnectedSince(teamId, removedAt),
      audit.listChannelsConnectedSince(teamId, removedAt),
    ]);
    const isBack = new Set([...connectedSince, ...connectedByAudit]);
    return [...new Set([...audited, ...all])].filter((id) => !isBack.has(id));
  }

  /** The audit trail is deleted next to last: it names the accounts and channels to look for. */
  async function purgeWorkspace(removal: Removal): Promise<void> {
    const { id: teamId } = removal;
    const now = clock.now();
    const known = await audit.listOfTeam(teamId);
    const left = await listLeft(removal, known.channelIds);
    for (const id of left) {
      await deliveries.removeOfChannel(id, now);
      await parts.mutes.removeAllOfChannel(id);
    }
    for (const id of known.accountIds) await parts.events.removeDecisionsOfChannels(id, left);
    await parts.outgoingWebhooks.removeOfChannels(left);
    if ((await parts.installations.findBot(teamId)) === undefined) {
      await parts.links.removeOfTeam(teamId, now);
      await parts.linkConfirmations.removeOfTeam(teamId, now);
      await parts.ownerUsers.removeOfTeam(teamId, now);
      await parts.homeViewers.removeOfTeam(teamId, now);
      await parts.insiders.removeOfTeam(teamId, now);
    }
    await channelAccounts.removeOfTeam(teamId, removal.removedAt);
    await audit.removeOfChannels(teamId, left);
    await audit.removeOfTeam(teamId, removal.removedAt);
    logger.info({ teamId }, 'purged a removed workspace');
    await removals.remove(removal);
  }

  return async () => {
    await forEachIsolated(await removals.listDue(clock.now()), (removal) =>
      removal.kind === 'account' ? parts.accounts.purge(removal) : purgeWorkspace(removal),
    );
  };
}
