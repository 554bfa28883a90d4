import type { Logger } from 'pino';
import { type Clock, systemClock } from '../clock.ts';
import { createAccountRemoval } from '../delivery/account-removal.ts';
import { createInstallationChecks } from '../delivery/installation-checks.ts';
import type { Observer } from '../delivery/observer.ts';
import { createPurge } from '../delivery/purge.ts';
import { createRemovalEvents } from '../delivery/removal-events.ts';
import type { Teller } from '../delivery/tell.ts';
import { createWorkspaceRemoval } from '../delivery/workspace-removal.ts';
import type { AuthTest } from '../slack/auth-test.ts';
import { createTokenWatch } from '../slack/dead-token.ts';
import { createFetchInTime } from '../slack/fetch-in-time.ts';
import { createBoltInstallationStore } from '../slack/install/installation-store.ts';
import type { Stores } from './stores.ts';

/** Joins what happens when a workspace removes the app, or Perly deletes an account. */
export function joinRemovals(parts: {
  stores: Stores;
  tell: Teller['tell'];
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
  const tokens = createTokenWatch(createFetchInTime(), (teamId) => {
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

    recover: workspaces.recover,

    /** Deletes what is due, and begins to check the installations whose turn it is. */
    async keepUp(): Promise<void> {
      checks.start();
      await purge();
    },

    async stop(): Promise<void> {
      await checks.stop();
      await workspaces.stop();
    },
  };
}
