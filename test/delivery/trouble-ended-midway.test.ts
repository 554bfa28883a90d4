import { expect, test } from 'vitest';
import { createChannelHealthStore } from '../../src/store/channels/health.ts';
import { createDeliveryStore } from '../../src/store/deliveries/store.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { channelId, setupQuietChannel } from '../support/setup-quiet-channel.ts';

const database = setupDatabase();

test('a trouble that starts while recovery ends the previous one lasts', async () => {
  const { db } = database;
  const { channels, clock, recoverWith } = await setupQuietChannel(db);
  const health = createChannelHealthStore(db);
  const connectedAt = (await channels.findSendable(channelId))?.connectedAt ?? clock.now();
  const trouble = { reason: 'http_503', waitsUntil: null, waits: 0 };
  await health.setTrouble(channelId, connectedAt, { ...trouble, since: new Date('2096-03-05T17:00:00Z') });
  const deliveries = createDeliveryStore(db);
  const { listPending } = deliveries;
  const recovering = recoverWith({
    deliveries: Object.assign(deliveries, {
      async listPending(...args: Parameters<typeof listPending>) {
        const pending = await listPending(...args);
        await health.setTrouble(channelId, connectedAt, { ...trouble, since: clock.now() });
        return pending;
      },
    }),
  });
  const presentTrouble = async () => (await channels.find(channelId))?.trouble;
  await recovering;
  expect(await presentTrouble()).toMatchObject({ since: clock.now() });
  await recoverWith({});
  expect(await presentTrouble()).toBeNull();
});

test.each([
  ['is broken', { status: 'broken' }],
  ['waits for an account', { accountId: null }],
])('a wait in a channel that %s ends once it is over', async (_, change) => {
  const { db } = database;
  const { channels, clock, recoverWith } = await setupQuietChannel(db);
  await db.collection('channels').updateOne({}, { $set: change });
  const { connectedAt = clock.now() } = (await channels.find(channelId)) ?? {};
  const waitsUntil = new Date(clock.now().getTime() + 30_000);
  const trouble = { since: clock.now(), reason: 'rate_limited', waitsUntil, waits: 0 };
  await createChannelHealthStore(db).setTrouble(channelId, connectedAt, trouble);
  await recoverWith({});
  expect((await channels.find(channelId))?.trouble).toEqual(trouble);
  await clock.advance(30_000);
  await recoverWith({});
  expect((await channels.find(channelId))?.trouble).toBeNull();
});
