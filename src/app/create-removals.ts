import type { Logger } from 'pino';
import { createAccountRemoval } from '../channels/account-removal.ts';
import { createInstallationChecks } from '../channels/installation-checks.ts';
import type { AuthTest } from '../channels/invalid-tokens.ts';
import type { OutboxRelay } from '../channels/outbox-relay.ts';
import { createPurge } from '../channels/purge.ts';
import { createWorkspaceRemoval } from '../channels/uninstall.ts';
import { createRemovalEvents } from '../channels/uninstall-events.ts';
import type { Observer } from '../delivery/observer.ts';
import type { OwnerWatch } from '../delivery/owner-watch.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createFetchWithTimeout } from '../lib/timeout.ts';
import { createTokenWatch } from '../slack/dead-token.ts';
import { createBoltInstallationStore } from '../slack/install/installation-store.ts';
import type { OwnerStore } from '../store/owners.ts';
import type { HomeChanged } from './create-publishing.ts';
import type { Stores } from './create-stores.ts';

export type Removals = ReturnType<typeof createRemovals>;

export function createRemovals(parts: {
  stores: Stores;
  publish: OutboxRelay['publish'];
  homeChanged: HomeChanged;
  authTest: AuthTest;
  observer: Pick<Observer, 'installationRemoved'>;
  ownerWatch: Pick<OwnerWatch, 'forget'>;
  clock: Clock;
  random: () => number;
  logger: Logger;
}) {
  const { stores, ownerWatch, ...rest } = parts;
  const owners: Pick<OwnerStore, 'removeOfAccount'> = {
    async removeOfAccount(accountId, until) {
      await stores.owners.removeOfAccount(accountId, until);
      ownerWatch.forget(accountId);
    },
  };
  const all = { ...stores, ...rest, owners };
  const workspaces = createWorkspaceRemoval(all);
  const accounts = createAccountRemoval(all);
  const checks = createInstallationChecks({ ...all, removal: workspaces });
  const purge = createPurge({ ...all, accounts });
  const fetchOf = createTokenWatch(createFetchWithTimeout(), (teamId) => {
    checks
      .request(teamId)
      .catch((error: unknown) => parts.logger.warn({ err: error, teamId }, 'a token will be checked later'));
  });

  return {
    accounts,
    removeAccount: accounts.remove,
    onRemovalEvent: createRemovalEvents({ ...all, removal: workspaces, checks, clock: systemClock }),
    fetchOf,
    installationStore: createBoltInstallationStore({
      installations: stores.installations,
      insiders: stores.insiders,
      finishBeforeInstall: workspaces.finishBeforeInstall,
      firstCheck: checks.firstCheck,
      // Slack's events about removals have wall-clock time.
      clock: systemClock,
    }),

    finishWithoutInstallation: workspaces.finishWithoutInstallation,
    recover: workspaces.recover,

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
