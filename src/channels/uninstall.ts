import type { Logger } from 'pino';
import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { Observer } from '../delivery/observer.ts';
import type { Clock } from '../lib/clock.ts';
import { createPendingWork } from '../lib/pending-work.ts';
import type { ChannelAccountStore } from '../store/channels/accounts.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { HomeViewerStore } from '../store/home-viewers.ts';
import type { InsiderStore } from '../store/insiders.ts';
import type { InstallationStore, RemovalReason, StartedRemoval } from '../store/installations.ts';
import type { LinkConfirmationStore } from '../store/link-confirmations.ts';
import type { LinkStore } from '../store/links.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { RemovalStore } from '../store/removals.ts';
import { afterRemoval } from '../store/retention.ts';
import type { OutboxRelay } from './outbox-relay.ts';

export type WorkspaceRemoval = ReturnType<typeof createWorkspaceRemoval>;

/**
 * Deletes at once what a workspace that removed the app must not leave: token, links, webhooks, deliveries, mutes. What
 * is kept for a reinstall is purged later (purge.ts). Every step may be repeated: a process that dies leaves the mark in
 * `installations`, by which recovery goes on.
 */
export function createWorkspaceRemoval(parts: {
  installations: InstallationStore;
  removals: Pick<RemovalStore, 'save' | 'listWorkspaces'>;
  channelAccounts: ChannelAccountStore;
  links: Pick<LinkStore, 'removeOfTeam'>;
  linkConfirmations: Pick<LinkConfirmationStore, 'removeOfTeam'>;
  deliveries: Pick<DeliveryStore, 'removeOfChannel'>;
  mutes: Pick<MuteStore, 'removeOfChannel'>;
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
    await parts.homeViewers.removeOfTeam(teamId, at);
    await parts.insiders.removeOfTeam(teamId, at);
    const change = { action: 'disconnected', actor: { kind: 'slack', teamId }, at } as const;
    for (const id of await channelAccounts.listIdsOfTeam(teamId)) {
      const left = await channelAccounts.markUninstalled(id, at, purgeAt, change);
      // Connected anew meanwhile, or gone.
      if (left === undefined) continue;
      await deliveries.removeOfChannel(id, at);
      await mutes.removeOfChannel(id, at);
      await parts.publish(left);
    }
    await installations.finishRemoval(started);
    logger.info({ teamId }, 'deleted the data of a removed installation');
  }

  /** Deletes what was connected although the workspace removed the app. @returns whether the app is not there */
  async function finishWithoutInstallation(teamId: string): Promise<boolean> {
    // What comes later may be of a newer installation.
    const at = clock.now();
    if ((await installations.findBot(teamId)) !== undefined) return false;
    await finish({ teamId, at });
    return true;
  }

  return {
    finishWithoutInstallation,

    /**
     * Begins the clean-up of a workspace. It is durable when this resolves, and goes on by itself.
     *
     * @param installedAt tells the installation that is meant from a newer one, which stays
     */
    async begin(teamId: string, installedAt: Date, reason: RemovalReason): Promise<void> {
      const at = clock.now();
      if (!(await installations.startRemoval(teamId, installedAt, { at, reason }))) return;
      logger.info({ teamId, reason }, 'installation removed');
      parts.observer.installationRemoved(reason);
      const finishing = finish({ teamId, at }).catch((error: unknown) =>
        logger.error({ err: error, teamId }, 'deleting the data of an installation failed; recovery goes on'),
      );
      void pending.track(finishing);
    },

    /** Ends what processes that died left: of clean-ups, and of connecting what met one. */
    async recover(): Promise<void> {
      await forEachIsolated(await installations.listRemovals(), finish);
      const removed = await parts.removals.listWorkspaces();
      await forEachIsolated(await channelAccounts.listConnectedTeams(removed), finishWithoutInstallation);
    },

    /** Ends the clean-up of a workspace that is about to be installed again, which would take away what comes now. */
    async finishBeforeInstall(teamId: string): Promise<void> {
      await forEachIsolated(await installations.listRemovals(teamId), finish);
    },

    /** Ends what is under way. */
    async stop(): Promise<void> {
      await pending.settled();
    },
  };
}
