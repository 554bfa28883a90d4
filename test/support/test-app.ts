import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { Db } from 'mongodb';
import pino from 'pino';
import { createPerlyClient, type PerlyClient } from '../../sandbox/perly/client.ts';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { createApp, type PerlyForSlack } from '../../src/app.ts';
import type { Clock } from '../../src/clock.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { ensureIndexes } from '../../src/store/indexes.ts';
import { openTestDatabase } from './mongo.ts';

/** The real app on a real database, listening, with a local Slack beside it. */
export type TestApp = {
  url: string;
  config: Config;
  db: Db;
  slack: LocalSlack;
  perly: PerlyClient;
  app: PerlyForSlack;
  /** The app's log so far, one line an entry. */
  logs: string[];
  /** Walks the install as a browser does. @returns the last page's answer */
  connect(channel: string, accountId?: string): Promise<Response>;
  close(): Promise<void>;
};

export type TestAppOptions = {
  env?: Record<string, string>;
  clock?: Clock;
  random?: () => number;
  slack?: Parameters<typeof startLocalSlack>[0];
};

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const [port, database, slack] = await Promise.all([
    findFreePort(),
    openTestDatabase(),
    startLocalSlack(options.slack),
  ]);
  const url = `http://localhost:${port}`;
  slack.setAppUrl(url);
  const config = readConfig({ ...testEnvironment(url, slack), PORT: String(port), ...options.env });
  const logs: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logs.push(line) });
  await ensureIndexes(database.db);
  const app = createApp({
    config,
    db: database.db,
    logger,
    ...(options.clock !== undefined && { clock: options.clock }),
    ...(options.random !== undefined && { random: options.random }),
  });
  await app.start();
  const perly = createPerlyClient(url, config.perly.secrets[0] ?? '');

  return {
    url,
    config,
    db: database.db,
    slack,
    perly,
    app,
    logs,
    async connect(channel, accountId) {
      const installUrl = accountId === undefined ? `${url}/slack/install` : await perly.installUrl(accountId);
      return slack.install(installUrl, { channel });
    },
    async close() {
      await app.stop();
      await slack.close();
      await database.close();
    },
  };
}

/** An environment for the app in which Slack is the local one. */
export function testEnvironment(appUrl: string, slack: LocalSlack): Record<string, string> {
  return {
    APP_URL: appUrl,
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
