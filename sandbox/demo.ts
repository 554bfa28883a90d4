import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/ops/log.ts';
import { openDatabase } from '../src/store/database.ts';
import { startEmbeddedStore } from '../src/store/embedded/embedded-store.ts';
import { createClockedSchedule } from './clocked-schedule.ts';
import { bad, faint, good, say, strong } from './demo/print.ts';
import { account, runShow } from './demo/show.ts';
import { buildPage } from './face/build-page.ts';
import { startFace } from './face/start-face.ts';
import { findFreePort, localEnvironment } from './local-environment.ts';
import { createBoard } from './perly/board.ts';
import { createPerlyClient } from './perly/client.ts';
import { createShiftedClock } from './shifted-clock.ts';
import { startLocalSlack } from './slack/local-slack.ts';

/**
 * Starts a local Slack, the embedded store and the app, and shows what they do: with `--once` in the terminal, and
 * without it in the browser, too.
 */
const { values: options } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

const dataDir = await mkdtemp(join(tmpdir(), 'perly-demo-'));
const port = await findFreePort();
const clock = createShiftedClock();
const slack = await startLocalSlack({
  appUrl: `http://localhost:${port}`,
  clock: () => clock.now().getTime(),
});
const facePort = await findFreePort();
// The local Perly's pages stand beside the local Slack's.
const perlyAppUrl = `http://127.0.0.1:${facePort}`;
const config = readConfig({
  ...localEnvironment(port, slack),
  PERLY_APP_URL: perlyAppUrl,
  LOG_LEVEL: 'error',
});
const store = await startEmbeddedStore({ dataDir });
const database = await openDatabase(store.uri);
const logger = createLogger({ level: config.logLevel });
const app = createApp({
  config,
  db: database.db,
  name: 'demo',
  alone: true,
  schedule: createClockedSchedule({ clock, logger }),
  clock,
  logger,
});
await app.start();

const [secret = ''] = config.perly.secrets;
const perly = createPerlyClient(config.appUrl, secret);
const faults = await runShow({ slack, perly, db: database.db, config });

if (faults.length > 0) say(bad(`\nNot as the rules say:\n${faults.map((fault) => `  ${fault}`).join('\n')}`));
else say(good('\nEvery alert is where the rules want it, once.'));

async function stop(): Promise<void> {
  await app.stop();
  await database.close();
  await store.close();
  await slack.close();
  await rm(dataDir, { recursive: true });
  process.exit(faults.length > 0 ? 1 : 0);
}

if (options.once) await stop();
else {
  await buildPage();
  const face = await startFace({
    slack,
    clock,
    port: facePort,
    perly: {
      client: perly,
      buttons: createBoard({ accountId: account, perlyAppUrl }),
      accountId: account,
      accountName: 'Northwind',
      perlyAppUrl,
      appUrl: config.appUrl,
    },
  });
  say(`\n${strong('Open the local Slack in a browser:')} ${good(face.url)}`);
  say("Channels, the Home tab, modals, and a board of Perly's events. Ctrl-C ends it.\n");
  say(`  Connect a channel   ${config.appUrl}/slack/install`);
  say(`  Post events to      ${config.appUrl}/perly/events`);
  say(faint(`  PERLY_SECRETS       ${secret} (of this run only)`));
  const end = () => void face.close().then(stop);
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}
