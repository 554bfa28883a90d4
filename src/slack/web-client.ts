import type { Logger as BoltLogger } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { SlackTimeouts } from './timeouts.ts';

/** How this app calls Slack's Web API. Never `headers` here: WebClient writes its token into them, and the next workspace's client would use it. */
export function toWebClientOptions(parts: {
  config: { slack: { apiUrl: string } };
  timeouts: SlackTimeouts;
  fetch: typeof fetch;
  logger: BoltLogger;
}) {
  return {
    slackApiUrl: `${parts.config.slack.apiUrl}/`,
    timeout: parts.timeouts.webApiMs,
    retryConfig: { retries: 1 },
    rejectRateLimitedCalls: true,
    fetch: parts.fetch,
    logger: parts.logger,
  };
}

/** The Web API with a workspace's token. */
export function createClientWith(options: ReturnType<typeof toWebClientOptions>) {
  return (token: string): WebClient => new WebClient(token, { ...options });
}
