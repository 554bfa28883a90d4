import type { Installation, InstallationStore } from '@slack/oauth';
import type { Clock } from '../../lib/clock.ts';
import type { InsiderStore } from '../../store/insiders.ts';
import type { InstallationStore as Installations } from '../../store/installations.ts';

/**
 * Passes everything that Slack signed on without a token: a payload may name another workspace than the one it is
 * about. Bolt also saves when it renews a token, which must not bring an old webhook back.
 */
export function createBoltInstallationStore(parts: {
  installations: Installations;
  insiders: Pick<InsiderStore, 'save'>;
  /** Finishes an earlier clean-up before it could delete new data. */
  finishBeforeInstall: (teamId: string) => Promise<void>;
  firstCheck: () => Date;
  clock: Pick<Clock, 'now'>;
}): InstallationStore {
  const { installations } = parts;
  return {
    async storeInstallation(installation) {
      if (installation.team !== undefined) await parts.finishBeforeInstall(installation.team.id);
      const now = parts.clock.now();
      await installations.save(installation as Installation, now, parts.firstCheck());
      if (installation.team !== undefined)
        await parts.insiders.save({ teamId: installation.team.id, userId: installation.user.id }, now);
    },
    async fetchInstallation({ teamId }) {
      return {
        team: teamId === undefined ? undefined : { id: teamId },
        enterprise: undefined,
        user: { id: '', token: undefined, scopes: undefined },
      };
    },
  };
}
