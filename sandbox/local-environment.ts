import { randomBytes, randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { LocalSlack } from './slack/local-slack.ts';

/** An environment for the app in which Slack is the local one; its secrets are new every time. */
export function localEnvironment(port: number, slack: LocalSlack): Record<string, string> {
  return {
    APP_URL: `http://localhost:${port}`,
    PORT: String(port),
    SLACK_CLIENT_ID: slack.clientId,
    SLACK_CLIENT_SECRET: slack.clientSecret,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    SLACK_AUTHORIZE_URL: slack.authorizeUrl,
    SLACK_WEBHOOK_ORIGINS: slack.webhookOrigin,
    PERLY_SECRETS: `whsec_${randomBytes(32).toString('base64')}`,
    APP_SECRETS: randomBytes(32).toString('base64'),
  };
}

/**
 * A port that is free now: the app's address stands in its settings, so it has to be known before it listens. It lies
 * below those that the system gives out by itself, so that it stays free while an app is started again.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}
