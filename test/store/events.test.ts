import type { CommandStartedEvent } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { createEventStore, type EventStore, eventKey, maxCachedEvents } from '../../src/store/events.ts';
import { sampleEvent } from '../support/sample-events.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase({ monitorCommands: true });
});
afterAll(() => database.close());

const now = new Date();

/** @returns the keys */
async function insertEvents(store: EventStore, accountId: string, count: number): Promise<string[]> {
  const event = sampleEvent('seed-example');
  const documents = Array.from({ length: count }, (_, sequence) => ({
    _id: eventKey(accountId, `evt_${sequence}`),
    accountId,
    eventId: `evt_${sequence}`,
    digest: '',
    sequence,
    event,
    decisions: [],
    receivedAt: now,
    expiresAt: now,
  }));
  await store.insert(documents);
  return documents.map(({ _id }) => _id);
}

async function countFinds(work: () => Promise<void>): Promise<number> {
  let finds = 0;
  const count = ({ commandName, databaseName }: CommandStartedEvent) => {
    if (commandName === 'find' && databaseName === database.db.databaseName) finds++;
  };
  database.client.on('commandStarted', count);
  await work();
  database.client.off('commandStarted', count);
  return finds;
}

test('what no longer fits in memory is read once, in order, and evicts nothing that is still to be read', async () => {
  const store = createEventStore(database.db);
  const keys = await insertEvents(store, 'acct', maxCachedEvents.maxSize + 200);
  const finds = await countFinds(async () => {
    for (let at = 0; at < keys.length; at += 100) {
      const some = keys.slice(at, at + 100);
      expect([...(await store.listContents(some)).keys()].sort()).toEqual(some.sort());
    }
  });
  expect(finds).toBe(2);
});

test('channels that send the same events at once read them once', async () => {
  const keys = await insertEvents(createEventStore(database.db), 'acct_many', 20);
  const store = createEventStore(database.db);
  const finds = await countFinds(async () => {
    const found = await Promise.all(
      Array.from({ length: 100 }, (_, n) => store.listContents(keys.slice(n % 20))),
    );
    expect(found.map(({ size }) => size)).toEqual(Array.from({ length: 100 }, (_, n) => 20 - (n % 20)));
  });
  expect(finds).toBeLessThan(5);
});

test('an event that is not there is read once more, also by many channels at once', async () => {
  const [known = ''] = await insertEvents(createEventStore(database.db), 'acct_known', 1);
  const store = createEventStore(database.db);
  const unknown = eventKey('acct_known', 'evt_unknown');
  const finds = await countFinds(async () => {
    const found = await Promise.all(Array.from({ length: 100 }, () => store.listContents([known, unknown])));
    expect(found.map((one) => [...one.keys()])).toEqual(found.map(() => [known]));
  });
  expect(finds).toBe(2);
});
