/** Links into Slack, for pages and messages. */
export type SlackUrls = {
  /** The App Home. Without a workspace Slack takes the one that the person is signed in to. */
  home(appId: string, teamId?: string): string;
  channel(teamId: string, slackChannelId: string): string;
};

/**
 * Links into the Slack that the app is installed from. They are https: a browser opens them on every device, and a
 * `slack://` link needs an installed client.
 *
 * @param authorizeUrl `SLACK_AUTHORIZE_URL`; GovSlack and a local Slack have a host of their own
 * @see https://docs.slack.dev/interactivity/deep-linking
 */
export function createSlackUrls(authorizeUrl: string): SlackUrls {
  const { origin } = new URL(authorizeUrl);
  const toUrl = (query: Record<string, string>) => `${origin}/app_redirect?${new URLSearchParams(query)}`;
  return {
    home: (app, team) => toUrl({ app, ...(team !== undefined && { team }) }),
    channel: (team, channel) => toUrl({ team, channel }),
  };
}
