import type { FairLimit } from '../lib/fair-limit.ts';
import type { WebhookClient } from './webhook/client.ts';

/**
 * Has messages that are not alerts (a channel's first message, a test alert) take a place at Slack as alerts do, counted
 * for their workspace.
 */
export function limitByWorkspace(
  webhook: Pick<WebhookClient, 'post'>,
  slots: FairLimit,
): Pick<WebhookClient, 'post'> {
  return { post: (url, message) => slots(teamIdIn(url), () => webhook.post(url, message)) };
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
