import type { CommandStartedEvent } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { createEventStore, eventKey, maxCachedEvents } from '../../src/store/events.ts';
import { sampleEvent } from '../support/sample-events.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase({ monitorCommands: true });
});
afterAll(() => database.close());

test('what no longer fits in memory is read once, in order, and evicts nothing that is still to be read', async () => {
  const store = createEventStore(database.db);
  const event = sampleEvent('seed-example');
  const keys = Array.from({ length: maxCachedEvents.maxSize + 200 }, (_, n) => eventKey('acct', `evt_${n}`));
  const now = new Date();
  await store.insert(
    keys.map((_id, sequence) => ({
      _id,
      accountId: 'acct',
      eventId: `evt_${sequence}`,
      digest: '',
      sequence,
      event,
      decisions: [],
      receivedAt: now,
      expiresAt: now,
    })),
  );
  let finds = 0;
  const count = ({ commandName, databaseName }: CommandStartedEvent) => {
    if (commandName === 'find' && databaseName === database.db.databaseName) finds++;
  };
  database.client.on('commandStarted', count);
  for (let at = 0; at < keys.length; at += 100) {
    const some = keys.slice(at, at + 100);
    expect([...(await store.listContents(some)).keys()].sort()).toEqual(some.sort());
  }
  database.client.off('commandStarted', count);
  expect(finds).toBe(2);
});
