import type { Logger as BoltLogger } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { SlackTimeouts } from './timeouts.ts';

/** Never set `headers`: WebClient adds its token to them, and the next workspace's client would use it. */
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

export function createClientWith(options: ReturnType<typeof toWebClientOptions>) {
  return (token: string, fetch = options.fetch): WebClient => new WebClient(token, { ...options, fetch });
}
