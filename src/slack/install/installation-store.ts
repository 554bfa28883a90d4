import type { Installation, InstallationStore } from '@slack/oauth';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { InstallationStore as Installations } from '../../store/installations.ts';

/**
 * The store of installations as Bolt wants it. It knows nothing of channels: Bolt also saves when it renews a token,
 * and a webhook of long ago must not come back with it.
 */
export function createBoltInstallationStore(installations: Installations, clock: Clock): InstallationStore {
  return {
    async storeInstallation(installation) {
      await installations.save(installation as Installation, clock.now());
    },
    async fetchInstallation({ teamId }) {
      const found = teamId === undefined ? undefined : await installations.find(teamId);
      if (found === undefined)
        throw new AppError('not_installed', 'The app is not installed in this workspace.');
      return found as Installation<'v2', never>;
    },
  };
}
