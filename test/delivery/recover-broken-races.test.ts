import { expect, test } from 'vitest';
import { reevaluateHeld } from '../../src/delivery/reevaluate-held.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { later } from '../../src/lib/clock.ts';
import { createEventStore } from '../../src/store/events.ts';
import { connectionOf } from '../support/connection-of.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { answered, setupRecovery } from '../support/setup-recovery.ts';
import { lost, ok } from '../support/setup-sender.ts';

const database = setupDatabase();
const hour = 3_600_000;

type Fixture = Awaited<ReturnType<typeof setup>>;

/** A broken channel whose retry is due. */
async function setup(answers: (WebhookAnswer | Promise<WebhookAnswer>)[] = []) {
  const fixture = await setupRecovery(database.db, answered(410, 'channel_is_archived'), answers);
  await fixture.clock.advance(hour);
  return fixture;
}

/** The customer of the alert that recovery tries. */
async function mute({ mutes, channels, channelId, clock, ...fixture }: Fixture): Promise<void> {
  await mutes.save({
    channelId,
    accountId: 'acct_demo',
    customerId: 'cus_Critical',
    customerName: 'C',
    until: later(clock, 24 * hour),
    mutedBy: 'U1',
    createdAt: clock.now(),
  });
  await channels.markForReevaluation(channelId);
  const stores = { ...fixture, mutes, channels, clock, events: createEventStore(database.db) };
  await reevaluateHeld(stores, channelId);
}

function createAnswer() {
  let give = (_: WebhookAnswer) => {};
  const answer = new Promise<WebhookAnswer>((resolve) => {
    give = resolve;
  });
  return { answer, give: (given: WebhookAnswer) => give(given) };
}

test.each<[string, (fixture: Fixture) => Promise<unknown>]>([
  [
    'serves another account',
    () => database.db.collection('channels').updateOne({}, { $set: { accountId: 'acct_other' } }),
  ],
  ['was reconnected', ({ channels, clock }) => channels.connect(connectionOf(), clock.now())],
  ['has a mute', mute],
])('a broken channel that %s before its alert got a slot is not tried with it', async (_, change) => {
  const fixture = await setup();
  const { slots, recover, posts, channels } = fixture;
  const other = createAnswer();
  const first = slots('T1', () => other.answer);
  let looked = 0;
  const { findWebhook } = channels;
  channels.findWebhook = (id) => {
    looked += 1;
    return findWebhook(id);
  };
  const run = recover();
  await expect.poll(() => looked).toBe(1);
  await fixture.clock.advance(0);
  await change(fixture);
  other.give(ok);
  await Promise.all([first, run]);
  expect(posts).not.toContain('Critical');
});

test('a broken channel that was read too slowly is read again, and not tried if no read was fast enough', async () => {
  const { recover, posts, channels, clock } = await setup();
  const { findWebhook } = channels;
  let looked = 0;
  channels.findWebhook = async (id) => {
    const found = await findWebhook(id);
    looked += 1;
    await clock.advance(2000);
    return found;
  };
  await recover();
  expect(posts).toEqual([]);
  expect(looked).toBe(4);
});

test('what Slack accepted is marked as sent before the channel becomes active, however often the database fails', async () => {
  const { recover, deliveries, channel, clock, find, posts } = await setup();
  const { sendTried } = deliveries;
  let refusals = 0;
  deliveries.sendTried = async (...args) => {
    if (refusals++ < 2) throw new Error('the database is away');
    return sendTried(...args);
  };
  const run = recover();
  await expect.poll(() => clock.sleeps).toContain(1000);
  expect(await channel()).toMatchObject({ status: 'broken' });
  await clock.advance(1000);
  await expect.poll(() => refusals).toBe(2);
  await clock.advance(1000);
  await run;
  expect(await channel()).toMatchObject({ status: 'active' });
  expect(await find('evt_Critical')).toMatchObject({ state: 'sent' });
  expect(posts).toEqual(['Critical']);
});

test.each([
  ['takes', ok, { state: 'sent' }],
  ['gives an answer that got lost', lost, { state: 'dropped', lostAnswers: 1 }],
])('an alert whose customer is muted while Slack %s is recorded accordingly', async (_, given, recorded) => {
  const { answer, give } = createAnswer();
  const fixture = await setup([answer]);
  const { recover, posts, find } = fixture;
  const run = recover();
  await expect.poll(() => posts).toEqual(['Critical']);
  await mute(fixture);
  expect(await find('evt_Critical')).toMatchObject({ state: 'dropped' });
  give(given);
  await run;
  expect(await find('evt_Critical')).toMatchObject(recorded);
});
