/**
 * The App Home of a workspace, as a link for a browser.
 *
 * @see https://docs.slack.dev/interactivity/deep-linking
 */
export function toHomeUrl(teamId: string, appId: string | undefined): string {
  const query = new URLSearchParams({ ...(appId !== undefined && { app: appId }), team: teamId });
  return `https://slack.com/app_redirect?${query}`;
}
