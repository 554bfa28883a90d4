import { randomBytes } from 'node:crypto';
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

/** A port that is free now: the app's address stands in its settings, so it has to be known before it listens. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
