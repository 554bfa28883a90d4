import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedMongo } from '../packages/embedded-mongo/src/embedded-mongo.ts';
import { openDatabase } from '../src/store/database.ts';
import { bad, faint, good, say, strong } from './demo/print.ts';
import { runDemo } from './demo/run-demo.ts';
import { startDemo } from './demo/start-demo.ts';
import { buildPage } from './ui/build-page.ts';

const { values: options } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

const dataDir = await mkdtemp(join(tmpdir(), 'perly-demo-'));
const store = await startEmbeddedMongo({ dataDir });
const database = await openDatabase(store.uri);
const demo = await startDemo({ db: database.db });
const { appUrl, perly } = demo.config;
const faults = await runDemo(demo);

if (faults.length > 0)
  say(bad(`\nDifferences from the plan:\n${faults.map((fault) => `  ${fault}`).join('\n')}`));
else say(good('\nEvery alert is in the right channels, once.'));

async function stop(): Promise<void> {
  await demo.close();
  await database.close();
  await store.close();
  await rm(dataDir, { recursive: true });
  process.exit(faults.length > 0 ? 1 : 0);
}

if (options.once) await stop();
else {
  await buildPage();
  say(`\n${strong('Open the local Slack in a browser:')} ${good(demo.url)}`);
  say("Channels, the Home tab, modals, and a panel with Perly's events. Ctrl-C stops it.\n");
  say(`The app's landing page: ${appUrl}/`);
  say("Post an event: README.md has an example, under 'The contract in short'. It wants");
  say(faint(`  export APP_URL=${appUrl}`));
  say(faint(`  export PERLY_APP_URL=${perly.appUrl}`));
  say(faint(`  export PERLY_SECRET=${perly.secrets[0]}`));
  say("Make a token of the settings API: likewise, under 'Tokens'. It wants");
  say(faint(`  export PERLY_TOKEN_SECRET=${perly.tokenSecrets[0]}`));
  const end = () => void stop();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}
