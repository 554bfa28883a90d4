import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { openTestDatabase } from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { findFreePort, localEnvironment } from '../../sandbox/local-environment.ts';
import { createPerlyClient, type PerlyClient, perlySecretsOf } from '../../sandbox/perly/client.ts';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { createApp, type PerlyForSlack } from '../../src/app/create-app.ts';
import { type Config, listSecrets, readConfig } from '../../src/config.ts';
import { slackPaceMs } from '../../src/delivery/retry-schedule.ts';
import type { Scheduler } from '../../src/delivery/scheduler.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/ops/log.ts';
import { toConnection } from '../../src/slack/install/to-connection.ts';
import { createSlackUrls } from '../../src/slack/slack-urls.ts';
import type { SlackTimeouts } from '../../src/slack/timeouts.ts';
import { createChannelStore } from '../../src/store/channels/store.ts';
import { prepareDatabase } from '../../src/store/database.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { watchWrites } from '../../src/store/watch-writes.ts';
import { trackWrites } from './empty-database.ts';
import { assertNoLeaks } from './find-leaks.ts';
import { patientAnswerMs, patientTimeouts } from './patient-timeouts.ts';
import { toInstallation } from './to-installation.ts';

/** The real app on a real database, with a local Slack beside it. */
export type TestApp = {
  url: string;
  config: Config;
  db: Db;
  slack: LocalSlack;
  perly: PerlyClient;
  app: PerlyForSlack;
  paceMs: number;
  /** One line per entry. */
  logs: string[];
  /** Goes through the install as a browser does. @returns the last page's answer */
  connect(channel: string, accountId?: string): Promise<Response>;
  /** As `connect`, without a browser and without the channel's first message. @param where by default Dana, at Acme CS */
  seedChannel(channel: string, accountId?: string, where?: SeedPlace): Promise<void>;
  /** @throws Error if the log holds a secret */
  close(): Promise<void>;
};

export type TestAppOptions = {
  env?: Record<string, string>;
  clock?: Clock;
  random?: () => number;
  /** With production's timeouts, a modal on a slow machine says that saving takes longer. */
  timeouts?: SlackTimeouts;
  /** Time between two messages of a channel, by default Slack's second. Milliseconds. */
  paceMs?: number;
  scheduler?: Scheduler;
  slack?: Parameters<typeof startLocalSlack>[0];
  /** Whether the client of `db` emits an event for each command. */
  monitorCommands?: boolean;
  /** Further origins that the app accepts as Slack's. */
  origins?: readonly string[];
  /** Shares this app's database, Slack and secrets (unless `env` names others): a second process of the same app. */
  beside?: TestApp;
  /**
   * Whether another process uses the database too. Without it the app is alone on its embedded store, as with `npm
   * start`.
   */
  shared?: boolean;
};

type SeedPlace = { teamId?: string; userId?: string };

/** Only one process can use the embedded store. */
const isEmbedded = process.env.MONGODB_URI === undefined;

/** For tests that are not about the pace. */
export const shortPaceMs = 20;

/** Changes rules as people do; the others are the default ones. */
export async function changeRules(
  { app, db }: TestApp,
  rules: Partial<Rules>,
  channelId?: string,
): Promise<void> {
  const channel = await createChannelStore(db, createKeyring([Buffer.alloc(32)])).find(
    channelId ?? String((await db.collection('channels').findOne())?._id),
  );
  const actor = { kind: 'user', teamId: 'T0ACMECS001', userId: 'U0TEST' } as const;
  const result = await app.settings.changeRules(
    channel?._id ?? '',
    channel?.version ?? 0,
    { ...defaultRules, ...rules },
    actor,
  );
  if (result.kind !== 'saved') throw new Error(`The rules were not saved: ${result.kind}`);
}

function secretsOf({ perly, appSecrets }: Config): Record<string, string> {
  return {
    PERLY_SECRETS: perly.secrets.join(','),
    PERLY_TOKEN_SECRETS: perly.tokenSecrets.join(','),
    PERLY_NOTIFY_SECRETS: perly.notifySecrets.join(','),
    APP_SECRETS: appSecrets.map((secret) => secret.toString('base64')).join(','),
  };
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { beside } = options;
  const paceMs = options.paceMs ?? beside?.paceMs ?? slackPaceMs;
  const [port, database, slack] = await Promise.all([
    findFreePort(),
    beside === undefined
      ? openTestDatabase({ monitorCommands: options.monitorCommands ?? false })
      : { db: beside.db, close: async () => {} },
    beside?.slack ??
      startLocalSlack({
        answerTimeoutMs: patientAnswerMs,
        enforceRate: paceMs >= slackPaceMs,
        ...options.slack,
      }),
  ]);
  const url = `http://localhost:${port}`;
  if (beside === undefined) slack.setAppUrl(url);
  const shared = beside === undefined ? {} : secretsOf(beside.config);
  const config = readConfig({
    ...localEnvironment(port, slack),
    SLACK_WEBHOOK_ORIGINS: [slack.webhookOrigin, ...(options.origins ?? [])].join(),
    ...shared,
    ...options.env,
  });
  const logs: string[] = [];
  const logger = createLogger({
    level: options.env?.LOG_LEVEL ?? 'debug',
    secrets: listSecrets(config),
    destination: { write: (line: string) => void logs.push(line) },
  });
  const isNew = beside === undefined && (await prepareDatabase(database.db)).isNew;
  const isAlone = isEmbedded && beside === undefined && options.shared !== true;
  // The app also sees what a test writes through this.
  const { db, writes } = watchWrites(database.db);
  trackWrites(db, writes);
  const app = createApp({
    config,
    db,
    name: `test ${port}`,
    alone: isAlone ? writes : undefined,
    isNewDatabase: isNew,
    logger,
    ...(options.clock !== undefined && { clock: options.clock }),
    ...(options.random !== undefined && { random: options.random }),
    timeouts: options.timeouts ?? patientTimeouts,
    paceMs,
    ...(options.scheduler !== undefined && { scheduler: options.scheduler }),
  });
  await app.start();
  const perly = createPerlyClient(url, perlySecretsOf(config));

  return {
    url,
    config,
    db,
    slack,
    perly,
    app,
    paceMs,
    logs,
    async connect(channel, accountId) {
      const installUrl = accountId === undefined ? `${url}/slack/install` : await perly.installUrl(accountId);
      return slack.install(installUrl, { channel });
    },
    async seedChannel(channel, accountId, where) {
      const installation = toInstallation(slack, slack.grant({ channel, ...where }));
      await app.installationStore.storeInstallation(installation);
      await app.connections.connect(
        toConnection(installation, config.slack.webhookOrigins, createSlackUrls(config.slack.authorizeUrl)),
        accountId === undefined
          ? undefined
          : { from: 'perly', accountId, tokenId: randomUUID(), tokenIssuedAt: Date.now() },
      );
    },
    async close() {
      await app.stop();
      if (beside === undefined) await slack.close();
      await database.close();
      assertNoLeaks(logs, config, slack);
    },
  };
}
