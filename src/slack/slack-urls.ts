import { isOnOrigin } from '../lib/is-on-origin.ts';

/** Links into Slack, for pages and messages. */
export type SlackUrls = {
  /** The App Home. Without a workspace Slack takes the one that the person is signed in to. */
  home(appId: string, teamId?: string): string;
  channel(teamId: string, slackChannelId: string): string;
  /** An address that Slack gave, if it is a page of Slack's own, as a browser reads it. */
  toOwnPage(url: string | undefined): string | undefined;
};

/**
 * Links into the Slack that the app is installed from. They are https: a browser opens them on every device, and a
 * `slack://` link needs an installed client.
 *
 * @param authorizeUrl `SLACK_AUTHORIZE_URL`; GovSlack and a local Slack have a host of their own
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
      // A page of a workspace is on a host of the workspace.
      return isOnOrigin(url, [isOwn ? `https://${hostname}` : origin]) ? href : undefined;
    },
  };
}
