import { describe, expect, test } from 'vitest';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { AppError } from '../../src/lib/errors.ts';
import { createChannelStore } from '../../src/store/channels/store.ts';
import { createDeliveryStore } from '../../src/store/deliveries/store.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { connectionOf } from '../support/connection-of.ts';
import { eventOf } from '../support/named-events.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { answered, setupRecovery } from '../support/setup-recovery.ts';
import { busy, lost, setupSender } from '../support/setup-sender.ts';

const database = setupDatabase();
const hour = 3_600_000;

const setup = (breaking: WebhookAnswer, answers: WebhookAnswer[]) =>
  setupRecovery(database.db, breaking, answers);

describe('a broken channel', () => {
  test('holds what arrives, including critical alerts, for as long as it is broken', async () => {
    const { recover, states, channel, posts, clock } = await setup(answered(404, 'no_service'), []);
    expect(await states()).toEqual(['held', 'held', 'held']);
    await clock.advance(1000 * hour);
    await recover();
    expect(posts).toEqual([]);
    expect(await channel()).toMatchObject({ status: 'broken', retryAt: null });
  });

  test.each([
    [410, 'channel_is_archived'],
    [403, 'action_prohibited'],
    [403, 'team_disabled'],
    [404, 'channel_not_found'],
  ])('%i %s: is tried after an hour and then daily, with one of its held alerts', async (status, body) => {
    const still = answered(status, body);
    const { recover, posts, channel, clock, states } = await setup(still, [still, still]);
    await recover();
    expect(posts).toEqual([]);
    await clock.advance(hour);
    await recover();
    await recover();
    expect(posts).toEqual(['Critical']);
    await clock.advance(23 * hour);
    await recover();
    expect(posts).toHaveLength(1);
    await clock.advance(hour);
    await recover();
    expect(posts).toHaveLength(2);
    expect(await channel()).toMatchObject({ status: 'broken' });
    expect(await states()).toEqual(['held', 'held', 'held']);
  });

  test('becomes active when Slack accepts an alert, and gets the rest as one digest', async () => {
    const { recover, channel, clock, states, restored, sendNextMessage, posts } = await setup(
      answered(410, 'channel_is_archived'),
      [],
    );
    await clock.advance(hour);
    await recover();
    expect(await channel()).toMatchObject({ status: 'active', brokenReason: null, retryAt: null });
    expect(restored).toHaveLength(1);
    expect(posts).toEqual(['Critical']);
    expect(await states()).toEqual(['held', 'held', 'sent']);
    expect(await sendNextMessage()).toMatchObject({ kind: 'posted' });
    expect(await states()).toEqual(['sent', 'sent', 'sent']);
  });

  test.each([
    ['an empty answer', answered(403, '<html>')],
    ['an outage', answered(503, '')],
    ['a lost answer', { kind: 'lost', code: 'ECONNRESET' } as const],
    ['an unknown word', answered(400, 'something_new')],
  ])('stays broken after %s, and is tried again in an hour', async (_, answer) => {
    const { recover, channel, clock, posts } = await setup(answered(410, 'channel_is_archived'), [answer]);
    await clock.advance(hour);
    await recover();
    expect(await channel()).toMatchObject({ status: 'broken' });
    await clock.advance(hour);
    await recover();
    expect(posts).toHaveLength(2);
    expect(await channel()).toMatchObject({ status: 'active' });
  });

  test('is not tried while Slack has asked to wait, which is stored', async () => {
    const { recover, channel, clock, posts } = await setup(answered(410, 'channel_is_archived'), [busy]);
    await clock.advance(hour);
    await recover();
    const waitsUntil = new Date(clock.now().getTime() + 30_000);
    expect(await channel()).toMatchObject({
      status: 'broken',
      trouble: { reason: 'rate_limited', waitsUntil },
    });
    await database.db.collection('channels').updateOne({}, { $set: { retryAt: clock.now() } });
    await recover();
    expect(posts).toHaveLength(1);
    await clock.advance(hour);
    await recover();
    expect(await channel()).toMatchObject({ status: 'active', trouble: null });
  });

  test('becomes active if Slack refuses only the alert itself', async () => {
    const { recover, channel, clock, states } = await setup(answered(410, 'channel_is_archived'), [
      answered(400, 'invalid_blocks'),
    ]);
    await clock.advance(hour);
    await recover();
    expect(await channel()).toMatchObject({ status: 'active' });
    expect(await states()).toEqual(['held', 'held', 'held']);
  });

  test('is tried with another alert each hour, so that one that is always refused blocks no others', async () => {
    const { recover, posts, channel, clock } = await setup(answered(410, 'channel_is_archived'), [
      { kind: 'lost', code: 'ECONNRESET' },
      answered(403, '<html>'),
    ]);
    for (let hours = 0; hours < 3; hours++) {
      await clock.advance(hour);
      await recover();
    }
    expect(posts).toEqual(['Critical', 'Good1', 'Good2']);
    expect(await channel()).toMatchObject({ status: 'active' });
  });

  test('is tried with an alert that has not expired', async () => {
    const { recover, posts, clock, states } = await setup(answered(410, 'channel_is_archived'), []);
    await database.db.collection('events').deleteOne({ 'event.risk_level': 'critical' });
    await clock.advance(hour);
    await recover();
    expect(posts).toEqual(['Good1']);
    expect(await states()).toEqual(['sent', 'held', 'failed']);
  });

  test('counts a lost answer, since the alert may be posted again', async () => {
    const { recover, clock, find, observed } = await setup(answered(410, 'channel_is_archived'), [lost]);
    await clock.advance(hour);
    await recover();
    expect(await find('evt_Critical')).toMatchObject({ state: 'held', lostAnswers: 1 });
    expect(await find('evt_Good1')).toMatchObject({ state: 'held', lostAnswers: 0 });
    expect(observed).toEqual(['retry']);
  });

  test('is not tried with the alert of a customer who was muted by a process that then died', async () => {
    const { recover, posts, clock, channels, mutes, channelId } = await setup(
      answered(410, 'channel_is_archived'),
      [],
    );
    const mute = { channelId, accountId: 'acct_demo', customerId: 'cus_Critical', customerName: 'C' };
    const until = new Date(clock.now().getTime() + 24 * hour);
    await mutes.save({ ...mute, until, mutedBy: 'U1', createdAt: clock.now() });
    await channels.markForReevaluation(channelId);
    await clock.advance(hour);
    await recover();
    expect(posts).toEqual(['Good1']);
  });

  test.each([
    ['whose secret is gone', new AppError('encrypted_with_unknown_key', 'No key fits.'), undefined],
    ['that cannot be looked at', new Error('something broke'), 'something broke'],
  ])('%s does not stop others from being tried', async (_, error, thrown) => {
    const { recover, channel, clock, channels, channelId } = await setup(
      answered(410, 'channel_is_archived'),
      [],
    );
    const second = await channels.connect(connectionOf({ slackChannelId: 'C2' }), clock.now());
    await database.db
      .collection('channels')
      .updateOne(
        { slackChannelId: 'C2' },
        { $set: { status: 'broken', brokenAt: clock.now(), retryAt: clock.now() } },
      );
    const deliveries = createDeliveryStore(database.db);
    const [held] = await deliveries.listHeld({ channelId, accountId: 'acct_demo' }, 1);
    if (held === undefined) throw new Error('nothing is held');
    const its = { _id: 'a T1:C2', ref: 'a2', channelId: second.channel._id };
    await deliveries.insert([{ ...held, ...its }]);
    channels.findWebhook = async (id) => {
      if (id === 'T1:C2') throw error;
      return createChannelStore(database.db, createKeyring([Buffer.alloc(32, 1)])).findWebhook(id);
    };
    await clock.advance(hour);
    if (thrown === undefined) await recover();
    else await expect(recover()).rejects.toThrow(thrown);
    expect(await channel()).toMatchObject({ status: 'active' });
  });
});

test('a channel that was reconnected while its message broke it gets its alerts at once', async () => {
  let answer = (_: WebhookAnswer) => {};
  const slow = new Promise<WebhookAnswer>((resolve) => {
    answer = resolve;
  });
  const { record, sendNextMessage, readLease, find, posts, clock, channels } = await setupSender(
    database.db,
    [slow],
  );
  await record([eventOf('a')]);
  const under = sendNextMessage();
  await expect.poll(() => posts).toHaveLength(1);
  await clock.advance(1);
  await channels.connect(
    connectionOf({ webhookUrl: 'https://hooks.slack.com/services/T1/B2/y' }),
    clock.now(),
  );
  answer(answered(404, 'no_service'));
  expect(await under).toEqual({ kind: 'waiting', until: clock.now() });
  expect(await find('evt_a')).toMatchObject({ state: 'pending' });
  await sendNextMessage(await readLease());
  expect(await find('evt_a')).toMatchObject({ state: 'sent' });
});
