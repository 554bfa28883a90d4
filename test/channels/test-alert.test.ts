import { expect, test } from 'vitest';
import { sendTestAlert } from '../../src/channels/test-alert.ts';
import { createFairLimit } from '../../src/lib/fair-limit.ts';
import { createChannelHealthStore } from '../../src/store/channels/health.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { ok, setupSender } from '../support/setup-sender.ts';

const database = setupDatabase();

/** A test alert that waits for a slot. */
async function setup(renew: () => Promise<boolean> = async () => true) {
  const { channels, channelId, deliveries, clock } = await setupSender(database.db, []);
  const posts: string[] = [];
  const slots = createFairLimit(2);
  let free = () => {};
  const other = slots('T1', () => new Promise<void>((resolve) => (free = resolve)));
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
    channels,
    clock,
    posts,
    async getPlace() {
      free();
      await other;
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
  const { getPlace, posts, channels, clock } = await setup();
  const { findWebhook } = channels;
  channels.findWebhook = async (id) => {
    const found = await findWebhook(id);
    await clock.advance(2000);
    return found;
  };
  expect(await getPlace()).toEqual({ kind: 'failed' });
  expect(posts).toEqual([]);
});
