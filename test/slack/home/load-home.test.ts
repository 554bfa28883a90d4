import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../../packages/embedded-mongo/test/support/open-test-database.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { loadHome } from '../../../src/slack/home/load-home.ts';
import { createChannelStore } from '../../../src/store/channels/store.ts';
import { createDeliveryStore } from '../../../src/store/deliveries/store.ts';
import { ensureIndexes } from '../../../src/store/indexes.ts';
import { createKeyring } from '../../../src/store/keyring.ts';
import { createLinkConfirmationStore } from '../../../src/store/link-confirmations.ts';
import { createLinkStore } from '../../../src/store/links.ts';

let database: TestDatabase;
let watched: MongoClient;
const commands: string[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  await ensureIndexes(database.db);
  watched = await new MongoClient(database.uri, { monitorCommands: true }).connect();
  watched.on('commandStarted', ({ commandName }) => commands.push(commandName));
});
afterAll(async () => {
  await watched.close();
  await database.close();
});

/** Bolt asks once more, for the installation. */
test('the Home of a workspace with 30 channels is four questions to the database', async () => {
  const db = watched.db(database.db.databaseName);
  const channels = createChannelStore(db, createKeyring([Buffer.alloc(32, 1)]));
  for (let index = 0; index < 30; index++)
    await channels.connect(
      {
        teamId: 'T1',
        teamName: 'Acme',
        slackChannelId: `C${index}`,
        name: `#channel-${index}`,
        accountId: 'acct_demo',
        webhookUrl: 'https://hooks.slack.com/services/T/B/x',
        connectedBy: 'U1',
      },
      new Date(),
    );
  commands.length = 0;
  const services: Parameters<typeof loadHome>[0] = {
    channels,
    listAccounts: createLinkStore(db).listByTeam,
    confirmations: { find: (person) => createLinkConfirmationStore(db).find(person, new Date()) },
    deliveries: createDeliveryStore(db),
    links: {
      addChannel: async () => 'https://perly.example/add',
      linkAccount: async () => 'https://perly.example/link',
      move: async () => 'https://perly.example/move',
      reconnect: async () => 'https://perly.example/reconnect',
    },
    help: {
      aboutUrl: 'https://slack.perly.ai/',
      supportUrl: 'https://slack.perly.ai/support',
      privacyUrl: 'https://slack.perly.ai/privacy',
    },
    clock: systemClock,
  };
  const state = await loadHome(services, { teamId: 'T1', userId: 'U1' }, 0);
  expect(state.total).toBe(30);
  expect(commands).toEqual(['find', 'find', 'find', 'aggregate']);
});
