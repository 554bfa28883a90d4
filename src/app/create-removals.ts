import type { Logger } from 'pino';
import { createAccountRemoval } from '../channels/account-removal.ts';
import { createInstallationChecks } from '../channels/installation-checks.ts';
import type { AuthTest } from '../channels/invalid-tokens.ts';
import type { OutboxRelay } from '../channels/outbox-relay.ts';
import { createPurge } from '../channels/purge.ts';
import { createWorkspaceRemoval } from '../channels/uninstall.ts';
import { createRemovalEvents } from '../channels/uninstall-events.ts';
import type { Observer } from '../delivery/observer.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createFetchWithTimeout } from '../lib/timeout.ts';
import { createTokenWatch } from '../slack/dead-token.ts';
import { createBoltInstallationStore } from '../slack/install/installation-store.ts';
import type { Stores } from './create-stores.ts';

export type Removals = ReturnType<typeof createRemovals>;

/** Joins what happens when a workspace removes the app, or Perly deletes an account. */
export function createRemovals(parts: {
  stores: Stores;
  publish: OutboxRelay['publish'];
  authTest: AuthTest;
  observer: Pick<Observer, 'installationRemoved'>;
  clock: Clock;
  random: () => number;
  logger: Logger;
}) {
  const { stores, ...rest } = parts;
  const all = { ...stores, ...rest };
  const workspaces = createWorkspaceRemoval(all);
  const accounts = createAccountRemoval(all);
  const checks = createInstallationChecks({ ...all, removal: workspaces });
  const purge = createPurge({ ...all, accounts });
  const tokens = createTokenWatch(createFetchWithTimeout(), (teamId) => {
    checks
      .request(teamId)
      .catch((error: unknown) => parts.logger.warn({ err: error, teamId }, 'a token will be checked later'));
  });

  return {
    accounts,
    removeAccount: accounts.remove,
    onRemovalEvent: createRemovalEvents({ ...all, removal: workspaces, checks, clock: systemClock }),
    /** By which Slack's Web API is called, so that a dead token is noticed. */
    tokens,
    installationStore: createBoltInstallationStore({
      installations: stores.installations,
      insiders: stores.insiders,
      finishBeforeInstall: workspaces.finishBeforeInstall,
      firstCheck: checks.firstCheck,
      // Slack says by the time of the world when a workspace removed the app.
      clock: systemClock,
    }),

    finishWithoutInstallation: workspaces.finishWithoutInstallation,
    recover: workspaces.recover,

    /** Deletes what is due, and begins to check the installations whose turn it is. */
    async runDaily(): Promise<void> {
      checks.start();
      await purge();
    },

    async stop(): Promise<void> {
      await checks.stop();
      await workspaces.stop();
    },
  };
}
