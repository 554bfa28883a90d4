import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { connectChannels, createWebhook } from '../../sandbox/connect-channels.ts';
import { findFreePort, localEnvironment } from '../../sandbox/local-environment.ts';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import { readConfig } from '../../src/config.ts';
import { createRecorder } from '../../src/delivery/record.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { createChannelStore } from '../../src/store/channels/store.ts';
import { createDeliveryStore } from '../../src/store/deliveries/store.ts';
import { createEventStore } from '../../src/store/events.ts';
import { ensureIndexes } from '../../src/store/indexes.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { createMuteStore } from '../../src/store/mutes.ts';
import { killLeftovers, startAppProcess } from '../support/app-process.ts';
import { businessHours } from '../support/business-hours.ts';
import { eventOf } from '../support/named-events.ts';

const teamId = 'T0OPENING01';
const channels = Array.from({ length: 24 }, (_, index) => ({
  id: `C0OPENING${String(index).padStart(2, '0')}`,
  name: `opening-${index}`,
}));
/** Requests in flight per process, so that something is left when it dies. */
const concurrency = 4;

const evening = new Date('2046-03-26T18:00:00Z');
const opening = new Date('2046-03-27T09:00:00Z');

let slack: LocalSlack;
let database: TestDatabase;
beforeAll(async () => {
  slack = await startLocalSlack({ teams: [{ id: teamId, name: 'Opening', domain: 'opening', channels }] });
  database = await openTestDatabase();
  await ensureIndexes(database.db);
});
afterAll(async () => {
  await killLeftovers();
  await slack.close();
  await database.close();
});

/** The clocks of both processes start shortly before the opening. */
function sharedEnvironment(): Record<string, string> {
  const preload = pathToFileURL(join(import.meta.dirname, '../faults/preload.mjs'));
  return {
    ...localEnvironment(0, slack),
    MONGODB_URI: database.uri.replace('/?', `/${database.db.databaseName}?`),
    MAX_REQUESTS_IN_FLIGHT: String(concurrency),
    NODE_OPTIONS: `--import ${preload}`,
    CLOCK_SHIFT_MS: String(opening.getTime() - 5000 - Date.now()),
  };
}

/** Three alerts held in each channel, recorded the evening before. */
async function holdAlerts(env: Record<string, string>): Promise<void> {
  const { appSecrets } = readConfig({ ...env, PORT: '1', APP_URL: 'http://localhost:1' });
  await connectChannels(
    { db: database.db, appSecrets },
    channels.map((channel) => ({
      ...channel,
      teamId,
      webhookUrl: createWebhook(slack, { id: channel.id, teamId }),
      accountId: 'acct_demo',
      rules: {
        ...defaultRules,
        timing: businessHours(),
      },
    })),
  );
  const record = createRecorder({
    channels: createChannelStore(database.db, createKeyring(appSecrets)),
    events: createEventStore(database.db),
    deliveries: createDeliveryStore(database.db),
    mutes: createMuteStore(database.db),
    clock: { now: () => evening, monotonic: () => 0 },
  });
  const { openings } = await record(['One', 'Two', 'Three'].map(eventOf));
  expect(openings).toEqual([opening]);
}

test('one of two processes is killed while digests are sent: each channel gets its digest', async () => {
  const env = sharedEnvironment();
  await holdAlerts(env);
  // From the sixth digest on nothing is accepted until the sending process is dead.
  const stop = slack.onMessage(() => {
    if (slack.messages().length === 6) slack.failWebhook('*', { hang: 'before' });
  });
  const start = async (name: string) => {
    const port = String(await findFreePort());
    return startAppProcess({ ...env, PORT: port, APP_URL: `http://localhost:${port}`, SENDER: name });
  };
  const processes = { first: await start('first'), second: await start('second') };

  await slack.waitForMessages(6);
  stop();
  const sender = slack.messages().at(-1)?.userAgent === 'second' ? 'second' : 'first';
  await processes[sender].kill();
  slack.clearFaults();

  const channelIds = () => new Set(slack.messages().map(({ channelId }) => channelId));
  await slack.waitForMessages(() => channelIds().size === channels.length);
  const deliveries = database.db.collection('deliveries');
  await expect.poll(() => deliveries.countDocuments({ state: { $ne: 'sent' } })).toBe(0);
  for (const { payload } of slack.messages())
    expect(renderLines(payload).join('\n')).toContain('While you were away: 3 alerts, 3 customers');
  // The exception: Slack had accepted it, and the process died before it recorded that.
  expect(slack.messages().length - channels.length).toBeLessThanOrEqual(concurrency);
});
