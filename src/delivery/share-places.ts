import type { FairLimit } from '../fair-limit.ts';
import type { WebhookClient } from '../slack/webhook/webhook-client.ts';

/**
 * Has messages that are not alerts (a channel's first message, a test alert) take a place at Slack as alerts do, counted
 * for their workspace.
 */
export function sharePlaces(
  webhook: Pick<WebhookClient, 'post'>,
  places: FairLimit,
): Pick<WebhookClient, 'post'> {
  return { post: (url, message) => places(teamIdIn(url), () => webhook.post(url, message)) };
}

/**
 * The workspace in `https://hooks.slack.com/services/T…/B…/…`; a URL of another form is counted for itself.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
function teamIdIn(url: string): string {
  const [, , teamId] = URL.canParse(url) ? new URL(url).pathname.split('/') : [];
  return teamId ?? url;
}
