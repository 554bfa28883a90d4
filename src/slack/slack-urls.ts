import type { FindHomeUrl } from '../channels/unlink.ts';
import { isOnOrigin } from '../lib/is-on-origin.ts';
import type { InstallationStore } from '../store/installations.ts';
import type { NavigationLinks } from './pages/render-problem.ts';

export type SlackUrls = {
  /** Without a workspace, Slack uses the one that the person is signed in to. */
  home(appId: string, teamId?: string): string;
  channel(teamId: string, slackChannelId: string): string;
  /** Returns the normalised URL if it is one of Slack's own pages. */
  toOwnPage(url: string | undefined): string | undefined;
};

/**
 * https opens on every device, while `slack://` needs an installed client. GovSlack and a local Slack have other
 * hosts.
 * @see https://docs.slack.dev/interactivity/deep-linking
 */
export function createSlackUrls(authorizeUrl: string): SlackUrls {
  const { origin, hostname: host } = new URL(authorizeUrl);
  const toUrl = (query: Record<string, string>) => `${origin}/app_redirect?${new URLSearchParams(query)}`;
  return {
    home: (app, team) => toUrl({ app, ...(team !== undefined && { team }) }),
    channel: (team, channel) => toUrl({ team, channel }),
    toOwnPage(url) {
      if (url === undefined || !URL.canParse(url)) return undefined;
      const { href, protocol, hostname, port } = new URL(url);
      const isOwn = protocol === 'https:' && port === '' && hostname.endsWith(`.${host}`);
      // A workspace's page is on the workspace's host.
      return isOnOrigin(url, [isOwn ? `https://${hostname}` : origin]) ? href : undefined;
    },
  };
}

export function createFindHomeUrl(
  installations: Pick<InstallationStore, 'findAppId'>,
  slackUrls: SlackUrls,
): FindHomeUrl {
  return async (teamId) => {
    const appId = await installations.findAppId();
    return appId === undefined ? undefined : slackUrls.home(appId, teamId);
  };
}

/** Leaves out App Home while the database is away. */
export function createFindNavigation(
  navigation: NavigationLinks,
  findHomeUrl: FindHomeUrl,
): () => Promise<NavigationLinks> {
  return async () => ({ ...navigation, homeUrl: await findHomeUrl().catch(() => undefined) });
}
