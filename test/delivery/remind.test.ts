import { describe, expect, test, vi } from 'vitest';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { later } from '../../src/lib/clock.ts';
import { hourMs, minuteMs } from '../../src/lib/time.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { answered, recoveryOf } from '../support/setup-recovery.ts';
import { manyHours, type Reminders, setupReminders } from '../support/setup-reminders.ts';
import { fault, lost } from '../support/setup-sender.ts';

const setup = setupReminders();

test('a critical alert that nobody acknowledged is posted once more when that is due, with the same controls', async () => {
  const { run, clock, messages, sendAll, woken, channelId, original } = await setup();
  await clock.advance(hourMs - 1);
  await run();
  await sendAll();
  expect(messages).toHaveLength(1);
  await clock.advance(1);
  await run();
  expect(woken).toEqual([channelId]);
  await sendAll();
  expect(messages).toHaveLength(2);
  expect(messages[1]).toContain('⏰ Still open for 1 hour');
  expect(messages[1]).toContain('[Open in Perly] [Acknowledge] [Mute customer…]');
  await clock.advance(4 * hourMs);
  await run();
  await sendAll();
  expect(messages).toHaveLength(2);
  expect(await original()).toMatchObject({ remindedAt: expect.any(Date) });
});

test('an alert is not read before its reminder is due, nor its channel before any reminder can be', async () => {
  const fixture = await setup({ remindAfter: '4_hours' });
  const { clock, channelId, reminders } = fixture;
  const listByIds = vi.spyOn(fixture.channels, 'listByIds');
  const listAwaitingReminder = vi.spyOn(fixture.deliveries, 'listAwaitingReminder');
  const run = fixture.createRun();
  await clock.advance(15 * minuteMs - 1);
  await run();
  expect(listByIds).toHaveBeenLastCalledWith([]);
  await clock.advance(4 * hourMs - 15 * minuteMs);
  await run();
  expect(listByIds).toHaveBeenLastCalledWith([channelId]);
  expect(listAwaitingReminder).not.toHaveBeenCalled();
  await clock.advance(1);
  await run();
  expect(listAwaitingReminder).toHaveBeenCalledTimes(1);
  expect(await reminders()).toHaveLength(1);
});

test('a channel whose reminders cannot be decided keeps no other one from being reminded', async () => {
  const { createRun, deliveries, clock, reminders } = await setup();
  const run = createRun({
    listChannelsAwaitingReminder: async () =>
      new Map([['T1:C0BAD', new Date(0)], ...(await deliveries.listChannelsAwaitingReminder())]),
    listAwaitingReminder(id, until) {
      if (id === 'T1:C0BAD') throw new Error('it cannot be read');
      return deliveries.listAwaitingReminder(id, until);
    },
  });
  await clock.advance(hourMs);
  await expect(run()).rejects.toThrow('it cannot be read');
  expect(await reminders()).toHaveLength(1);
});

test('an alert that a move took along before it was sent gets a reminder', async () => {
  const { run, clock, db, reminders } = await setup();
  await db.collection('channels').updateMany({}, { $set: { servesSince: clock.now() } });
  await db
    .collection('deliveries')
    .updateMany({}, { $set: { createdAt: later(clock, -minuteMs), finishedAt: clock.now() } });
  await clock.advance(hourMs);
  await run();
  expect(await reminders()).toHaveLength(1);
});

test('a reminder is dropped that a process recorded just before it died, of an alert that was acknowledged meanwhile', async () => {
  const { run, clock, db, reminders, original } = await setup();
  await clock.advance(hourMs);
  await run();
  const found = await original();
  await db.collection<{ _id: string }>('deliveries').updateOne(
    { _id: found?._id ?? '' },
    {
      $set: { awaitsReminder: true, acknowledgedAt: clock.now(), acknowledgedBy: 'U1' },
      $unset: { remindedAt: '' },
    },
  );
  await run();
  expect(await reminders()).toMatchObject([{ state: 'dropped' }]);
});

test('processes that look at the same time, and one that died in between, record one reminder', async () => {
  const { run, createRun, clock, messages, sendAll, reminders, db, original } = await setup();
  await clock.advance(hourMs);
  await Promise.all([run(), createRun()()]);
  expect(await reminders()).toHaveLength(1);
  // The process died after it recorded the reminder, before it recorded that on the alert.
  const found = await original();
  await db
    .collection<{ _id: string }>('deliveries')
    .updateOne({ _id: found?._id ?? '' }, { $set: { awaitsReminder: true }, $unset: { remindedAt: '' } });
  await sendAll();
  await clock.advance(minuteMs);
  await run();
  await sendAll();
  expect(messages).toHaveLength(2);
  expect(await reminders()).toHaveLength(1);
});

test.each([
  ['muted', ({ mute }: Reminders) => mute(manyHours)],
  ['paused', ({ updateChannel }: Reminders) => updateChannel({ pausedUntil: 'until_resumed' })],
  ['of a type that is off', ({ change }: Reminders) => change({ eventTypes: ['upsell_opportunity'] })],
  ['in a channel that does not remind any more', ({ change }: Reminders) => change({ remindAfter: 'never' })],
  [
    'in a channel of another account',
    ({ updateChannel }: Reminders) => updateChannel({ accountId: 'acct_other' }),
  ],
  [
    'in a channel that left and came back',
    ({ updateChannel }: Reminders) => updateChannel({ servesSince: new Date('2097-01-01') }),
  ],
  [
    'in a disconnected channel',
    ({ updateChannel }: Reminders) => updateChannel({ status: 'disconnected', accountId: null }),
  ],
] as const)('no reminder of an alert that is %s', async (_, happen) => {
  const fixture = await setup();
  await happen(fixture);
  await fixture.clock.advance(hourMs);
  await fixture.run();
  expect(await fixture.reminders()).toEqual([]);
  // It is decided: what is changed back later brings no reminder either.
  expect(await fixture.original()).not.toHaveProperty('awaitsReminder');
});

test('a broken channel is reminded once it works again', async () => {
  const fixture = await setup();
  await fixture.updateChannel({ status: 'broken' });
  await fixture.clock.advance(3 * hourMs);
  await fixture.run();
  expect(await fixture.reminders()).toEqual([]);
  await fixture.updateChannel({ status: 'active' });
  await fixture.run();
  await fixture.sendAll();
  expect(fixture.messages[1]).toContain('⏰ Still open for 3 hours');
});

test('a channel that breaks while a reminder waits is reminded once it works again', async () => {
  const fixture = await setup();
  await fixture.clock.advance(hourMs);
  fixture.answers.push({ kind: 'answered', status: 404, body: 'no_service', headers: {} });
  await fixture.run();
  await fixture.sendAll();
  expect(await fixture.reminders()).toEqual([]);
  expect(await fixture.original()).not.toHaveProperty('remindedAt');
  await fixture.clock.advance(hourMs);
  await fixture.run();
  expect(await fixture.reminders()).toEqual([]);
  await fixture.updateChannel({ status: 'active' });
  await fixture.run();
  await fixture.sendAll();
  expect(fixture.messages.at(-1)).toContain('⏰ Still open for 2 hours');
});

test('a channel that is broken for a day is not reminded', async () => {
  const other = await setup();
  await other.updateChannel({ status: 'broken' });
  await other.clock.advance(manyHours);
  await other.run();
  await other.updateChannel({ status: 'active' });
  await other.run();
  expect(await other.reminders()).toEqual([]);
});

test('an acknowledgement while the reminder waits to be sent drops it', async () => {
  const fixture = await setup();
  await fixture.clock.advance(hourMs);
  fixture.answers.push(fault);
  await fixture.run();
  await fixture.sendAll();
  expect(await fixture.reminders()).toMatchObject([{ state: 'pending', attempts: 1 }]);
  await fixture.acknowledge();
  expect(await fixture.reminders()).toMatchObject([{ state: 'dropped', lastError: 'acknowledged' }]);
});

test('only critical alerts that arrive while reminders are on have one', async () => {
  const { run, clock, record, reminders, sendAll, change } = await setup({ remindAfter: 'never' });
  await change({ remindAfter: '15_minutes' });
  await record([sampleEvent('seed-example')]);
  await sendAll();
  await clock.advance(hourMs);
  await run();
  expect(await reminders()).toEqual([]);
});

describe('a broken channel in which only a reminder waits', () => {
  /** It may be tried from an hour after it broke. */
  async function setupBroken(answers: WebhookAnswer[]) {
    const fixture = await setup();
    const { db, clock } = fixture;
    await fixture.updateChannel({ status: 'broken', brokenAt: clock.now(), retryAt: later(clock, hourMs) });
    const { recover, posts, restored } = recoveryOf(db, fixture, answers);
    const recoverAll = async () => {
      await fixture.run();
      await recover();
    };
    const status = async () => (await db.collection('channels').findOne())?.status;
    await recoverAll();
    expect(posts).toEqual([]);
    await clock.advance(hourMs);
    return { ...fixture, recoverAll, posts, restored, status };
  }

  test('is tried with it, and works again if Slack takes it', async () => {
    const { recoverAll, posts, reminders, status, sendAll, messages, original } = await setupBroken([]);
    await recoverAll();
    expect(posts).toEqual([expect.stringContaining('Still open for 1 hour')]);
    expect(await status()).toBe('active');
    expect(await reminders()).toMatchObject([{ state: 'sent' }]);
    expect(await original()).toMatchObject({ remindedAt: expect.any(Date) });
    await recoverAll();
    await sendAll();
    expect(messages).toHaveLength(1);
  });

  test('stays broken if Slack does not take it, and is reminded once it works again', async () => {
    const fixture = await setupBroken([answered(410, 'channel_is_archived')]);
    await fixture.recoverAll();
    expect(fixture.posts).toHaveLength(1);
    expect(await fixture.status()).toBe('broken');
    expect(await fixture.reminders()).toEqual([]);
    await fixture.updateChannel({ status: 'active' });
    await fixture.expectReminder();
  });

  test('keeps count of an answer that was lost', async () => {
    const fixture = await setupBroken([lost]);
    await fixture.recoverAll();
    expect(await fixture.reminders()).toMatchObject([{ state: 'held', lostAnswers: 1 }]);
    await fixture.clock.advance(hourMs);
    await fixture.recoverAll();
    expect(await fixture.reminders()).toMatchObject([{ state: 'sent', lostAnswers: 1 }]);
  });

  test('is not tried if the alert was acknowledged', async () => {
    const fixture = await setupBroken([]);
    await fixture.acknowledge();
    await fixture.recoverAll();
    expect(fixture.posts).toEqual([]);
    expect(await fixture.status()).toBe('broken');
  });
});
