import type { FindHomeUrl } from '../channels/unlink.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { NavigationLinks } from './pages/render-problem.ts';
import type { SlackUrls } from './slack-urls.ts';

/** The app's id comes with OAuth, and is the same in every workspace. */
export function createFindHomeUrl(
  installations: Pick<InstallationStore, 'findAppId'>,
  slackUrls: SlackUrls,
): FindHomeUrl {
  return async (teamId) => {
    const appId = await installations.findAppId();
    return appId === undefined ? undefined : slackUrls.home(appId, teamId);
  };
}

/** The ways onward from a page that says what is wrong; it does without the App Home while the database is away. */
export function createFindNavigation(
  navigation: NavigationLinks,
  findHomeUrl: FindHomeUrl,
): () => Promise<NavigationLinks> {
  return async () => ({ ...navigation, homeUrl: await findHomeUrl().catch(() => undefined) });
}
