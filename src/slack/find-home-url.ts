import type { FindHomeUrl } from '../channels/unlink.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { NavigationLinks } from './pages/render-problem.ts';
import type { SlackUrls } from './slack-urls.ts';

export function createFindHomeUrl(
  installations: Pick<InstallationStore, 'findAppId'>,
  slackUrls: SlackUrls,
): FindHomeUrl {
  return async (teamId) => {
    const appId = await installations.findAppId();
    return appId === undefined ? undefined : slackUrls.home(appId, teamId);
  };
}

/** Without App Home while the database is away. */
export function createFindNavigation(
  navigation: NavigationLinks,
  findHomeUrl: FindHomeUrl,
): () => Promise<NavigationLinks> {
  return async () => ({ ...navigation, homeUrl: await findHomeUrl().catch(() => undefined) });
}
