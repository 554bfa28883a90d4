import type { Logger } from 'pino';
import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { Observer } from '../delivery/observer.ts';
import type { Clock } from '../lib/clock.ts';
import { createPendingWork } from '../lib/pending-work.ts';
import type { ChannelAccountStore } from '../store/channels/accounts.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { HomeViewerStore } from '../store/home-viewers.ts';
import type { InsiderStore } from '../store/insiders.ts';
import type {
  InstallationStore,
  InstalledBot,
  RemovalReason,
  StartedRemoval,
} from '../store/installations.ts';
import type { LinkConfirmationStore } from '../store/link-confirmations.ts';
import { type LinkStore, linkKeyStart } from '../store/links.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { OwnerUserStore } from '../store/owner-users.ts';
import type { RemovalStore } from '../store/removals.ts';
import { afterRemoval } from '../store/retention.ts';
import type { UsedTokenStore } from '../store/used-tokens.ts';
import type { OutboxRelay } from './outbox-relay.ts';

export type WorkspaceRemoval = ReturnType<typeof createWorkspaceRemoval>;

/**
 * Deletes at once what must not outlive an uninstall, and the rest later (purge.ts). After a crash, recovery
 * continues from the mark in `installations`.
 */
export function createWorkspaceRemoval(parts: {
  installations: InstallationStore;
  removals: Pick<RemovalStore, 'save' | 'listWorkspaces'>;
  channelAccounts: ChannelAccountStore;
  links: Pick<LinkStore, 'removeOfTeam'>;
  linkConfirmations: Pick<LinkConfirmationStore, 'removeOfTeam'>;
  usedTokens: Pick<UsedTokenStore, 'finishBegunWith'>;
  deliveries: Pick<DeliveryStore, 'removeOfChannel'>;
  mutes: Pick<MuteStore, 'removeOfChannel'>;
  ownerUsers: Pick<OwnerUserStore, 'removeOfTeam'>;
  homeViewers: Pick<HomeViewerStore, 'removeOfTeam'>;
  insiders: Pick<InsiderStore, 'removeOfTeam'>;
  observer: Pick<Observer, 'installationRemoved'>;
  publish: OutboxRelay['publish'];
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}) {
  const { installations, channelAccounts, deliveries, mutes, clock, logger } = parts;
  const pending = createPendingWork();

  async function finish(started: StartedRemoval): Promise<void> {
    const { teamId, at } = started;
    const purgeAt = afterRemoval(at);
    await parts.removals.save({ kind: 'workspace', id: teamId, removedAt: at, purgeAt });
    await parts.links.removeOfTeam(teamId, at);
    await parts.linkConfirmations.removeOfTeam(teamId, at);
    // An unfinished link must not be continued once the app is installed again.
    await parts.usedTokens.finishBegunWith(linkKeyStart(teamId));
    await parts.ownerUsers.removeOfTeam(teamId, at);
    await parts.homeViewers.removeOfTeam(teamId, at);
    await parts.insiders.removeOfTeam(teamId, at);
    const change = { action: 'disconnected', actor: { kind: 'slack', teamId }, at } as const;
    for (const id of await channelAccounts.listIdsOfTeam(teamId)) {
      const left = await channelAccounts.markUninstalled(id, at, purgeAt, change);
      // The channel was reconnected meanwhile, or is gone.
      if (left === undefined) continue;
      await deliveries.removeOfChannel(id, at);
      await mutes.removeOfChannel(id, at);
      await parts.publish(left);
    }
    await installations.finishRemoval(started);
    logger.info({ teamId }, 'deleted the data of a removed installation');
  }

  /** @returns whether the app is not installed */
  async function finishWithoutInstallation(teamId: string): Promise<boolean> {
    // Anything later may belong to a newer installation.
    const at = clock.now();
    if ((await installations.findBot(teamId)) !== undefined) return false;
    await finish({ teamId, at });
    return true;
  }

  return {
    finishWithoutInstallation,

    /**
     * Durable once this resolves.
     * @param bot as it was when the reason arose
     * @returns false if nothing was begun: the app or its token is a newer one, or the removal has begun already
     */
    async begin(teamId: string, bot: InstalledBot, reason: RemovalReason): Promise<boolean> {
      const at = clock.now();
      if (!(await installations.startRemoval(teamId, bot, { at, reason }))) return false;
      logger.info({ teamId, reason }, 'installation removed');
      parts.observer.installationRemoved(reason);
      const finishing = finish({ teamId, at }).catch((error: unknown) =>
        logger.error(
          { err: error, teamId },
          'deleting the data of an installation failed; recovery will continue',
        ),
      );
      void pending.track(finishing);
      return true;
    },

    /** Finishes clean-ups that crashed, and removes connections that were made during a clean-up. */
    async recover(): Promise<void> {
      await forEachIsolated(await installations.listRemovals(), finish);
      const removed = await parts.removals.listWorkspaces();
      await forEachIsolated(await channelAccounts.listConnectedTeams(removed), finishWithoutInstallation);
    },

    /** Called before a reinstall, so that the clean-up cannot delete new data. */
    async finishBeforeInstall(teamId: string): Promise<void> {
      await forEachIsolated(await installations.listRemovals(teamId), finish);
    },

    async stop(): Promise<void> {
      await pending.settled();
    },
  };
}
