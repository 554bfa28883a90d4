import type { InstallationStore } from '../store/installations.ts';
import type { Ways } from './pages/render-problem.ts';
import type { SlackUrls } from './slack-urls.ts';

/** The App Home as a link; `undefined` while the app's id is not known, since no workspace installed it yet. */
export type FindHomeUrl = (teamId?: string) => Promise<string | undefined>;

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
export function createFindWays(ways: Ways, findHomeUrl: FindHomeUrl): () => Promise<Ways> {
  return async () => ({ ...ways, homeUrl: await findHomeUrl().catch(() => undefined) });
}
