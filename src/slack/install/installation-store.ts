import type { Installation, InstallationStore } from '@slack/oauth';
import type { Clock } from '../../lib/clock.ts';
import type { InsiderStore } from '../../store/insiders.ts';
import type { InstallationStore as Installations } from '../../store/installations.ts';

/**
 * The store of installations as Bolt wants it. It lets everything pass that Slack signed, without a token: what a
 * payload names can be another workspace than the one that it is about, with or without the app. The listeners know
 * which one it is, and take its token. It knows nothing of channels: Bolt also saves when it renews a token,
 * and a webhook of long ago must not come back with it.
 */
export function createBoltInstallationStore(parts: {
  installations: Installations;
  insiders: Pick<InsiderStore, 'save'>;
  /** Ends the clean-up of an earlier installation, which would take away what comes now. */
  finishBeforeInstall: (teamId: string) => Promise<void>;
  /** When a new installation is checked first. */
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
