import pino from 'pino';
import { expect, test } from 'vitest';
import { createChannelNotices } from '../../src/channels/notices.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { hourMs } from '../../src/lib/time.ts';
import { createChannelHealthStore } from '../../src/store/channels/health.ts';
import { connectionOf } from '../support/connection-of.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { busy, ok } from '../support/setup-sender.ts';
import { setupSlot } from '../support/setup-slot.ts';

const database = setupDatabase();

const message = { text: 'Alerts are on.', unfurl_links: false, unfurl_media: false } as const;
const gone: WebhookAnswer = { kind: 'answered', status: 403, body: 'action_prohibited', headers: {} };
const html: WebhookAnswer = { kind: 'answered', status: 200, body: '<html></html>', headers: {} };

/** A message about a channel of `acct_demo` that waits for a slot behind another message of its workspace. */
async function setup(answer = ok, accountId: string | null = 'acct_demo') {
  const slot = await setupSlot(database.db);
  const { channels, channelId, clock, deliveries, slots } = slot;
  const posts: string[] = [];
  const published: string[] = [];
  const notices = createChannelNotices({
    channels,
    channelHealth: createChannelHealthStore(database.db),
    deliveries,
    webhook: {
      async post(url) {
        posts.push(url);
        return answer;
      },
    },
    slots,
    publish: async ({ _id }) => published.push(_id),
    clock,
    logger: pino({ level: 'silent' }),
  });
  const posted = notices.post(channelId, accountId, message);
  return {
    ...slot,
    posts,
    published,
    postAgain: () => notices.post(channelId, accountId, message),
    async getPlace() {
      expect(posts).toEqual([]);
      await slot.freeSlot();
      return posted;
    },
  };
}

const stored = () => database.db.collection('channels');

test('a notice in a channel waits for a slot of its workspace, and is posted then', async () => {
  const { getPlace, posts } = await setup();
  expect(await getPlace()).toEqual({ kind: 'posted' });
  expect(posts).toHaveLength(1);
});

test('it goes to the webhook that the channel has by then', async () => {
  const { getPlace, posts, channels, clock } = await setup();
  const { webhookUrl, ...connection } = connectionOf();
  await clock.advance(10);
  await channels.connect({ ...connection, webhookUrl: `${webhookUrl}new` }, clock.now());
  expect(await getPlace()).toEqual({ kind: 'posted' });
  expect(posts).toEqual([`${webhookUrl}new`]);
});

test.each([
  ['serves another account', { accountId: 'acct_other' }],
  ['waits for an account', { accountId: null }],
  ['was disconnected', { status: 'disconnected' }],
  ['broke', { status: 'broken' }],
])('it is not posted to a channel that %s when it gets its slot', async (_, change) => {
  const { getPlace, posts } = await setup();
  await stored().updateOne({}, { $set: change });
  expect(await getPlace()).toEqual({ kind: 'not_posted' });
  expect(posts).toEqual([]);
});

test('a notice that alerts are off is not posted once the channel serves an account again', async () => {
  const { getPlace, posts } = await setup(ok, null);
  expect(await getPlace()).toEqual({ kind: 'not_posted' });
  expect(posts).toEqual([]);
});

test('it is not posted if no read of the channel was fast enough', async () => {
  const { getPlace, posts, channels, slowly } = await setup();
  channels.findSendable = slowly(channels.findSendable);
  expect(await getPlace()).toEqual({ kind: 'not_posted' });
  expect(posts).toEqual([]);
});

test('it does not count as posted if the answer is not Slack’s', async () => {
  const { getPlace, posts } = await setup(html);
  expect(await getPlace()).toEqual({ kind: 'not_posted' });
  expect(posts).toHaveLength(1);
});

test('it says why Slack takes no messages there, and the channel is broken', async () => {
  const { getPlace, channelId, clock, published } = await setup(gone);
  expect(await getPlace()).toEqual({
    kind: 'refused',
    reason: 'A workspace admin does not allow these messages.',
  });
  const retryAt = new Date(clock.now().getTime() + hourMs);
  expect(await stored().findOne()).toMatchObject({ status: 'broken', retryAt });
  expect(published).toEqual([channelId]);
});

test('a waiting channel in which Slack takes no message is not broken, since linking tries it again', async () => {
  const { getPlace, published } = await setup(gone, null);
  await stored().updateOne({}, { $set: { accountId: null } });
  expect(await getPlace()).toMatchObject({ kind: 'refused' });
  expect(await stored().findOne()).toMatchObject({ status: 'active' });
  expect(published).toEqual([]);
});

test('it is not posted while Slack has asked the channel to wait', async () => {
  const { getPlace, postAgain, posts, clock } = await setup();
  const trouble = { since: clock.now(), reason: 'rate_limited', waits: 0 };
  const waitsUntil = new Date(clock.now().getTime() + 30_000);
  await stored().updateOne({}, { $set: { trouble: { ...trouble, waitsUntil } } });
  expect(await getPlace()).toEqual({ kind: 'not_posted' });
  expect(posts).toEqual([]);
  await clock.advance(30_000);
  expect(await postAgain()).toEqual({ kind: 'posted' });
  expect(posts).toHaveLength(1);
});

test('the wait that Slack answers it with is stored, and obeyed by the next', async () => {
  const { getPlace, postAgain, posts, clock } = await setup(busy);
  expect(await getPlace()).toEqual({ kind: 'not_posted' });
  const waitsUntil = new Date(clock.now().getTime() + 30_000);
  expect(await stored().findOne()).toMatchObject({ trouble: { reason: 'rate_limited', waitsUntil } });
  expect(await postAgain()).toEqual({ kind: 'not_posted' });
  expect(posts).toHaveLength(1);
});
