import { expect, test } from 'vitest';
import { sendTestAlert } from '../../src/channels/test-alert.ts';
import { createChannelHealthStore } from '../../src/store/channels/health.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { ok } from '../support/setup-sender.ts';
import { setupSlot } from '../support/setup-slot.ts';

const database = setupDatabase();

/** A test alert that waits for a slot. */
async function setup(renew: () => Promise<boolean> = async () => true) {
  const slot = await setupSlot(database.db);
  const { channels, channelId, deliveries, clock, slots } = slot;
  const posts: string[] = [];
  let isWaiting = false;
  const result = sendTestAlert(
    {
      channels,
      channelHealth: createChannelHealthStore(database.db),
      deliveries,
      webhook: {
        async post(url) {
          posts.push(url);
          return ok;
        },
      },
      slots,
      withSendingPaused(_id, work) {
        isWaiting = true;
        return work(true, renew);
      },
      perlyAppUrl: 'https://app.perly.example',
      onChanged: async () => {},
      clock,
    },
    { _id: channelId, accountId: 'acct_demo' },
    { kind: 'user', teamId: 'T1', userId: 'U1' },
  );
  await expect.poll(() => isWaiting).toBe(true);
  return {
    ...slot,
    posts,
    async getPlace() {
      await slot.freeSlot();
      return result;
    },
  };
}

test('a test alert is posted when it gets a slot', async () => {
  const { getPlace, posts } = await setup();
  expect(await getPlace()).toEqual({ kind: 'sent' });
  expect(posts).toHaveLength(1);
});

test('a test alert is not posted to a channel that serves another account when it gets a slot', async () => {
  const { getPlace, posts } = await setup();
  await database.db.collection('channels').updateOne({}, { $set: { accountId: 'acct_other' } });
  expect(await getPlace()).toMatchObject({ kind: 'broken' });
  expect(posts).toEqual([]);
});

test('a test alert is not posted if another sender has acquired the channel meanwhile', async () => {
  const { getPlace, posts } = await setup(async () => false);
  expect(await getPlace()).toEqual({ kind: 'busy', until: null });
  expect(posts).toEqual([]);
});

test('a test alert is not posted if no read of the channel was fast enough', async () => {
  const { getPlace, posts, channels, slowly } = await setup();
  channels.findWebhook = slowly(channels.findWebhook);
  expect(await getPlace()).toEqual({ kind: 'failed' });
  expect(posts).toEqual([]);
});
