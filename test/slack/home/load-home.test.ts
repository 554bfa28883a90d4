import { type Db, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../../packages/embedded-mongo/test/support/open-test-database.ts';
import { createOwners } from '../../../src/channels/owners.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { dayMs } from '../../../src/lib/time.ts';
import { loadHome } from '../../../src/slack/home/load-home.ts';
import { createAuditStore } from '../../../src/store/audit.ts';
import { createChannelStore } from '../../../src/store/channels/store.ts';
import { createDeliveryStore } from '../../../src/store/deliveries/store.ts';
import { createEventStore, sequencesPerMs } from '../../../src/store/events.ts';
import { ensureIndexes } from '../../../src/store/indexes.ts';
import { createKeyring } from '../../../src/store/keyring.ts';
import { createLinkConfirmationStore } from '../../../src/store/link-confirmations.ts';
import { createLinkStore } from '../../../src/store/links.ts';
import { createOwnerUserStore } from '../../../src/store/owner-users.ts';
import { createOwnerStore } from '../../../src/store/owners.ts';

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

const keyring = createKeyring([Buffer.alloc(32, 1)]);

function servicesOn(db: Db, clock = systemClock): Parameters<typeof loadHome>[0] {
  return {
    channels: createChannelStore(db, keyring),
    listAccounts: createLinkStore(db).listByTeam,
    confirmations: { find: (person) => createLinkConfirmationStore(db).find(person, new Date()) },
    owners: createOwners({
      channels: createChannelStore(db, keyring),
      links: createLinkStore(db),
      owners: createOwnerStore(db),
      ownerUsers: createOwnerUserStore(db),
      audit: createAuditStore(db),
      homeChanged: () => {},
      clock,
    }),
    deliveries: createDeliveryStore(db),
    events: createEventStore(db),
    links: {
      addChannel: async () => 'https://perly.example/add',
      linkAccount: async () => 'https://perly.example/link',
      forward: async () => 'https://perly.example/send',
      move: async () => 'https://perly.example/move',
      reconnect: async () => 'https://perly.example/reconnect',
    },
    help: {
      aboutUrl: 'https://slack.perly.ai/',
      supportUrl: 'https://slack.perly.ai/support',
      privacyUrl: 'https://slack.perly.ai/privacy',
    },
    clock,
  };
}

/** Bolt needs one more query, for the installation. */
test('the Home of a workspace with 30 channels takes four queries', async () => {
  const db = watched.db(database.db.databaseName);
  const channels = createChannelStore(db, keyring);
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
  const state = await loadHome(servicesOn(db), { teamId: 'T1', userId: 'U1' }, 0);
  expect(state.total).toBe(30);
  expect(commands).toEqual(['find', 'find', 'find', 'aggregate']);
});

test('a channel for which Perly has sent nothing a day after it was connected says so, until an event comes', async () => {
  const { db } = database;
  await db.dropDatabase();
  await ensureIndexes(db);
  const connectedAt = new Date('2046-03-02T12:00:00Z');
  const channels = createChannelStore(db, keyring);
  for (const accountId of ['acct_demo', null])
    await channels.connect(
      {
        teamId: 'T1',
        teamName: 'Acme',
        slackChannelId: `C${accountId}`,
        name: `#of-${accountId}`,
        accountId,
        webhookUrl: 'https://hooks.slack.com/services/T/B/x',
        connectedBy: 'U1',
      },
      connectedAt,
    );
  const silentAfter = async (ms: number) => {
    const clock = { ...systemClock, now: () => new Date(connectedAt.getTime() + ms) };
    const { cards } = await loadHome(servicesOn(db, clock), { teamId: 'T1', userId: 'U1' }, 0);
    return cards.filter(({ isSilent }) => isSilent).map(({ channel }) => channel.name);
  };
  expect(await silentAfter(dayMs - 1)).toEqual([]);
  expect(await silentAfter(dayMs)).toEqual(['#of-acct_demo']);

  const event = { accountId: 'acct_other', sequence: connectedAt.getTime() * sequencesPerMs + 1 };
  await db.collection('events').insertOne(event);
  expect(await silentAfter(dayMs)).toEqual(['#of-acct_demo']);
  await db.collection('events').updateOne({}, { $set: { accountId: 'acct_demo' } });
  expect(await silentAfter(dayMs)).toEqual([]);
});
