import type { Db } from 'mongodb';
import { createApp } from '../../src/app/create-app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/ops/log.ts';
import type { SlackTimeouts } from '../../src/slack/timeouts.ts';
import { watchWrites } from '../../src/store/watch-writes.ts';
import { type AdjustableClock, createAdjustableClock } from '../adjustable-clock.ts';
import { createClockScheduler } from '../clock-scheduler.ts';
import { findFreePort, localEnvironment } from '../local-environment.ts';
import { createBoard } from '../perly/board.ts';
import { createPerlyClient, type PerlyClient, perlySecretsOf } from '../perly/client.ts';
import { webhooksPath } from '../perly/webhooks.ts';
import { type LocalSlack, startLocalSlack } from '../slack/local-slack.ts';
import { globex, gridEast, gridWest, sharingTeam } from '../slack/organisations.ts';
import { startUi } from '../ui/start-ui.ts';

export const account = { id: 'acct_demo', name: 'Northwind' };

export type Demo = {
  url: string;
  slack: LocalSlack;
  perly: PerlyClient;
  clock: AdjustableClock;
  config: Config;
  db: Db;
  /** The caller owns the database. */
  close(): Promise<void>;
};

/**
 * On free ports; the page must be built already.
 * @param parts.db an empty database, prepared
 * @param parts.timeouts for machines that are too busy for Slack's limits; `answerTimeoutMs` is the local Slack's
 */
export async function startDemo(parts: {
  db: Db;
  clock?: Clock;
  timeouts?: SlackTimeouts;
  answerTimeoutMs?: number;
}): Promise<Demo> {
  const { timeouts, answerTimeoutMs } = parts;
  const { db, writes } = watchWrites(parts.db);
  const clock = createAdjustableClock(parts.clock);
  const port = await findFreePort();
  const slack = await startLocalSlack({
    appUrl: `http://localhost:${port}`,
    clock: () => clock.now().getTime(),
    teams: [sharingTeam, globex, gridEast, gridWest],
    ...(answerTimeoutMs !== undefined && { answerTimeoutMs }),
  });
  const uiPort = await findFreePort();
  const perlyAppUrl = `http://127.0.0.1:${uiPort}`;
  const config = readConfig({
    ...localEnvironment(port, slack),
    PERLY_APP_URL: perlyAppUrl,
    PERLY_NOTIFY_URL: `${perlyAppUrl}${webhooksPath}`,
    LOG_LEVEL: 'error',
  });
  const logger = createLogger({ level: config.logLevel });
  const app = createApp({
    config,
    db,
    name: 'demo',
    alone: writes,
    scheduler: createClockScheduler({ clock, logger }),
    clock,
    ...(timeouts !== undefined && { timeouts }),
    logger,
  });
  await app.start();

  const perly = createPerlyClient(config.appUrl, perlySecretsOf(config));
  const ui = await startUi({
    slack,
    clock,
    port: uiPort,
    perly: {
      client: perly,
      buttons: createBoard({ accountId: account.id, perlyAppUrl }),
      accountId: account.id,
      accountName: account.name,
      perlyAppUrl,
      appUrl: config.appUrl,
    },
  });

  return {
    url: ui.url,
    slack,
    perly,
    clock,
    config,
    db,
    async close() {
      await ui.close();
      await app.stop();
      await slack.close();
    },
  };
}
