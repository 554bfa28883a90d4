import { randomBytes, randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { LocalSlack } from './slack/local-slack.ts';

/** With new secrets every time. */
export function localEnvironment(port: number, slack: LocalSlack): Record<string, string> {
  return {
    APP_URL: `http://localhost:${port}`,
    HOST: '127.0.0.1',
    PORT: String(port),
    SLACK_CLIENT_ID: slack.clientId,
    SLACK_CLIENT_SECRET: slack.clientSecret,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    SLACK_AUTHORIZE_URL: slack.authorizeUrl,
    SLACK_WEBHOOK_ORIGINS: slack.webhookOrigin,
    PERLY_SECRETS: `whsec_${randomBytes(32).toString('base64')}`,
    PERLY_TOKEN_SECRETS: randomBytes(32).toString('base64'),
    PERLY_NOTIFY_SECRETS: `whsec_${randomBytes(32).toString('base64')}`,
    APP_SECRETS: randomBytes(32).toString('base64'),
    STOP_GRACE_SECONDS: '0',
  };
}

/**
 * The app's address is one of its settings, so it is needed before the app listens. The port is outside the range
 * that the system assigns by itself, and is not handed out again until this process ends. `fetch` refuses port 10080.
 */
export async function findFreePort(range: readonly [number, number] = [10_100, 32_000]): Promise<number> {
  for (;;) {
    const port = randomInt(...range);
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
}

/** Across processes: whoever holds the UDP port of the same number may use the TCP port. */
function reserve(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const mark = createSocket('udp4').unref();
    mark.once('error', () => mark.close(() => resolve(false)));
    mark.bind(port, '127.0.0.1', () => resolve(true));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}
