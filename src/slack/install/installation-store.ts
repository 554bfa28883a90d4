import type { Installation, InstallationStore } from '@slack/oauth';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { InstallationStore as Installations } from '../../store/installations.ts';

/**
 * The store of installations as Bolt wants it. It knows nothing of channels: Bolt also saves when it renews a token,
 * and a webhook of long ago must not come back with it.
 */
export function createBoltInstallationStore(parts: {
  installations: Installations;
  /** Ends the clean-up of an earlier installation, which would take away what comes now. */
  finishBeforeInstall: (teamId: string) => Promise<void>;
  /** When a new installation is checked first. */
  firstCheck: () => Date;
  /** Told of each token that is handed out. */
  onToken: (token: string, teamId: string) => void;
  clock: Pick<Clock, 'now'>;
}): InstallationStore {
  const { installations } = parts;
  return {
    async storeInstallation(installation) {
      if (installation.team !== undefined) await parts.finishBeforeInstall(installation.team.id);
      await installations.save(installation as Installation, parts.clock.now(), parts.firstCheck());
    },
    async fetchInstallation({ teamId }) {
      const found = teamId === undefined ? undefined : await installations.find(teamId);
      if (teamId === undefined || found?.bot === undefined)
        throw new AppError('not_installed', 'The app is not installed in this workspace.');
      parts.onToken(found.bot.token, teamId);
      return found as Installation<'v2', never>;
    },
  };
}
