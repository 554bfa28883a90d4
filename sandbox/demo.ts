import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/ops/log.ts';
import { openDatabase } from '../src/store/database.ts';
import { startEmbeddedStore } from '../src/store/embedded/embedded-store.ts';
import { bad, faint, good, say, sayPart, strong } from './demo/print.ts';
import { runShow } from './demo/show.ts';
import { findFreePort, localEnvironment } from './local-environment.ts';
import { createPerlyClient } from './perly/client.ts';
import { startLocalSlack } from './slack/local-slack.ts';
import { renderMessage } from './slack/render/render-message.ts';

/** Starts a local Slack, the embedded store and the app, and shows what they do. With `--once` it ends after that. */
const { values: options } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

const dataDir = await mkdtemp(join(tmpdir(), 'perly-demo-'));
const port = await findFreePort();
const slack = await startLocalSlack({ appUrl: `http://localhost:${port}` });
const config = readConfig({ ...localEnvironment(port, slack), LOG_LEVEL: 'error' });
const store = await startEmbeddedStore({ dataDir });
const database = await openDatabase(store.uri);
const app = createApp({
  config,
  db: database.db,
  name: 'demo',
  alone: true,
  logger: createLogger({ level: config.logLevel }),
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
  const installUrl = `${config.appUrl}/slack/install`;
  say(`\n${strong('Still running.')} Ctrl-C ends it.`);
  say(`  Connect a channel   ${installUrl}`);
  say(`  The app             ${config.appUrl}`);
  say(`  The local Slack     ${slack.url}`);
  say(`  Post events to      ${config.appUrl}/perly/events`);
  say(faint(`  PERLY_SECRETS       ${secret} (of this run only)`));
  say('\nWhat comes to a channel from here on is shown below.');
  slack.onMessage(({ channelId, payload }) => {
    say(`\n${strong(`#${slack.model.channels.get(channelId)?.name}`)}`);
    for (const part of renderMessage(payload)) sayPart(part);
  });
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}
