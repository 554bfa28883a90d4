import pino from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import { createReminders } from '../../src/delivery/remind.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import { later } from '../../src/lib/clock.ts';
import { hourMs, minuteMs } from '../../src/lib/time.ts';
import { withReminder } from '../../src/store/deliveries/document.ts';
import { createDeliveryStore } from '../../src/store/deliveries/store.ts';
import { createEventStore } from '../../src/store/events.ts';
import { onWrite } from '../support/on-write.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { answered, recoveryOf } from '../support/setup-recovery.ts';
import { fault, lost, ok, setupSender } from '../support/setup-sender.ts';

const database = setupDatabase();

const critical = (id: string) => ({
  ...sampleEvent('seed-example'),
  id,
  risk_level: 'critical' as const,
});

/** One critical alert was sent; the channel reminds after an hour by default. */
async function setup({ remindAfter = '1_hour' }: Pick<Partial<Rules>, 'remindAfter'> = {}) {
  const { db } = database;
  const messages: string[] = [];
  const answers: (WebhookAnswer | Promise<WebhookAnswer>)[] = [ok];
  const sender = await setupSender(db, (message) => {
    messages.push(renderLines(message).join('\n'));
    return answers.shift() ?? ok;
  });
  const { channels, channelId, deliveries, mutes, clock, record } = sender;
  async function change(rules: Partial<Rules>) {
    const channel = await channels.find(channelId);
    if (channel === undefined) throw new Error('the channel is gone');
    await channels.changeSettings(channel, channel.version, {
      rules: { ...defaultRules, remindAfter, ...rules },
    });
  }
  await change({});
  const woken: string[] = [];
  const parts: Parameters<typeof createReminders>[0] = {
    channels,
    events: createEventStore(db),
    deliveries,
    mutes,
    scheduleNext: ({ channelIds }) => void woken.push(...channelIds),
    clock,
    logger: pino({ level: 'silent' }),
  };
  const createRun = () => createReminders(parts);
  /** Sends everything that is due, as a process that acquires the lease now. */
  async function sendAll() {
    for (;;) {
      const result = await sender.sendNextMessage(await sender.readLease());
      if (result.kind !== 'posted' && result.kind !== 'waiting') return;
      if (result.kind === 'waiting' && result.until > clock.now()) return;
    }
  }
  await record([critical('evt_1')]);
  await sendAll();
  expect(messages).toHaveLength(1);
  const documents = db.collection<{ _id: string }>('deliveries');
  return {
    ...sender,
    db,
    change,
    messages,
    answers,
    woken,
    sendAll,
    parts,
    createRun,
    run: createRun(),
    original: () => documents.findOne({ reminder: { $exists: false } }),
    reminders: () => documents.find({ reminder: { $exists: true } }).toArray(),
  };
}

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

test('an alert is not read before its reminder is due', async () => {
  const { parts, clock, reminders } = await setup({ remindAfter: '4_hours' });
  const read: string[] = [];
  const { listAwaitingReminder } = parts.deliveries;
  const run = createReminders({
    ...parts,
    deliveries: {
      ...parts.deliveries,
      async *listAwaitingReminder(...which) {
        for await (const page of listAwaitingReminder(...which)) {
          read.push(...page.map(({ _id }) => _id));
          yield page;
        }
      },
    },
  });
  await clock.advance(4 * hourMs - 1);
  await run();
  expect(read).toEqual([]);
  await clock.advance(1);
  await run();
  expect(read).toHaveLength(1);
  expect(await reminders()).toHaveLength(1);
});

test('a channel whose reminders cannot be decided keeps no other one from being reminded', async () => {
  const { parts, clock, channelId, reminders } = await setup();
  const { deliveries } = parts;
  const run = createReminders({
    ...parts,
    deliveries: {
      ...deliveries,
      listChannelsAwaitingReminder: async () => ['T1:C0BAD', channelId],
      listAwaitingReminder(id, until) {
        if (id === 'T1:C0BAD') throw new Error('it cannot be read');
        return deliveries.listAwaitingReminder(id, until);
      },
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

const manyHours = 30 * hourMs;

test.each([
  ['muted', (fixture: Fixture) => mute(fixture)],
  ['paused', (fixture: Fixture) => set(fixture, { pausedUntil: 'until_resumed' })],
  ['of a type that is off', (fixture: Fixture) => fixture.change({ eventTypes: ['upsell_opportunity'] })],
  [
    'in a channel that does not remind any more',
    (fixture: Fixture) => fixture.change({ remindAfter: 'never' }),
  ],
  ['in a channel of another account', (fixture: Fixture) => set(fixture, { accountId: 'acct_other' })],
  [
    'in a channel that left and came back',
    (fixture: Fixture) => set(fixture, { servesSince: new Date('2097-01-01') }),
  ],
  [
    'in a disconnected channel',
    (fixture: Fixture) => set(fixture, { status: 'disconnected', accountId: null }),
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
  await set(fixture, { status: 'broken' });
  await fixture.clock.advance(3 * hourMs);
  await fixture.run();
  expect(await fixture.reminders()).toEqual([]);
  await set(fixture, { status: 'active' });
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
  await set(fixture, { status: 'active' });
  await fixture.run();
  await fixture.sendAll();
  expect(fixture.messages.at(-1)).toContain('⏰ Still open for 2 hours');
});

test('a channel that is broken for a day is not reminded', async () => {
  const other = await setup();
  await set(other, { status: 'broken' });
  await other.clock.advance(manyHours);
  await other.run();
  await set(other, { status: 'active' });
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
  await acknowledge(fixture);
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

describe('an acknowledgement that is undone', () => {
  test('after the reminder was due brings it, as soon as somebody looks', async () => {
    const fixture = await setup();
    await acknowledge(fixture);
    await fixture.clock.advance(hourMs);
    await fixture.run();
    expect(await fixture.reminders()).toEqual([]);
    await fixture.clock.advance(hourMs);
    await undo(fixture);
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages[1]).toContain('⏰ Still open for 2 hours');
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(2);
  });

  test('while it is decided about the reminder brings it', async () => {
    const fixture = await setup();
    await acknowledge(fixture);
    await fixture.clock.advance(hourMs);
    const { deliveries } = fixture;
    await createReminders({
      ...fixture.parts,
      deliveries: {
        ...deliveries,
        async markReminderUndecided(ids) {
          await undo(fixture);
          await deliveries.markReminderUndecided(ids);
        },
      },
    })();
    await fixture.run();
    expect(await fixture.reminders()).toHaveLength(1);
  });

  test('after a day brings none', async () => {
    const fixture = await setup();
    await acknowledge(fixture);
    await fixture.clock.advance(hourMs);
    await fixture.run();
    await fixture.clock.advance(manyHours);
    await undo(fixture);
    await fixture.run();
    expect(await fixture.reminders()).toEqual([]);
    expect(await fixture.original()).not.toHaveProperty('awaitsReminder');
  });

  test('brings none of an alert that never had one', async () => {
    const fixture = await setup({ remindAfter: 'never' });
    await acknowledge(fixture);
    await fixture.change({ remindAfter: '1_hour' });
    await undo(fixture);
    await fixture.clock.advance(hourMs);
    await fixture.run();
    expect(await fixture.reminders()).toEqual([]);
  });
});

describe('a reminder that waited when its alert was acknowledged', () => {
  async function setupDropped() {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    fixture.answers.push(fault);
    await fixture.run();
    await fixture.sendAll();
    await acknowledge(fixture);
    expect(await fixture.reminders()).toMatchObject([{ state: 'dropped', lastError: 'acknowledged' }]);
    expect(fixture.messages.splice(0)).toHaveLength(2);
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toEqual([]);
    await fixture.clock.advance(hourMs);
    return fixture;
  }

  test('comes once that is undone, each time until it was sent', async () => {
    const fixture = await setupDropped();
    await undo(fixture);
    await fixture.run();
    expect(await fixture.reminders()).toMatchObject([{ state: 'pending', lastError: null }]);
    await acknowledge(fixture);
    await undo(fixture);
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toEqual([expect.stringContaining('⏰ Still open for 2 hours')]);
    await acknowledge(fixture);
    await undo(fixture);
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(1);
    expect(await fixture.original()).toMatchObject({ remindedAt: expect.any(Date) });
  });

  test('comes once if two processes look at the same time', async () => {
    const fixture = await setupDropped();
    await undo(fixture);
    await Promise.all([fixture.run(), fixture.createRun()()]);
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(1);
  });

  test.each([
    ['muted', (fixture: Fixture) => mute(fixture)],
    ['paused', (fixture: Fixture) => set(fixture, { pausedUntil: 'until_resumed' })],
    ['a day old', (fixture: Fixture) => fixture.clock.advance(manyHours)],
  ] as const)('does not come if its alert is %s by then', async (_, happen) => {
    const fixture = await setupDropped();
    await happen(fixture);
    await undo(fixture);
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toEqual([]);
    expect(await fixture.original()).not.toHaveProperty('awaitsReminder');
  });

  test('is dropped before it is sent if the process died before that', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    await acknowledgeOnly(fixture);
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(1);
    expect(await fixture.reminders()).toMatchObject([{ state: 'dropped', lastError: 'acknowledged' }]);
    await undo(fixture);
    await expectReminder(fixture);
  });

  test('comes if that was undone before it was dropped', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    const ids = await acknowledgeOnly(fixture);
    await undo(fixture);
    await fixture.deliveries.dropReminders([ids.reminder], fixture.clock.now());
    await expectReminder(fixture);
  });

  test('comes if it was recorded again before it was dropped', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    const ids = await acknowledgeOnly(fixture);
    const hasRun = onWrite('deliveries', 'updateMany', async () => {
      vi.restoreAllMocks();
      await fixture.deliveries.dropReminders([ids.reminder], fixture.clock.now());
      await undo(fixture);
      await fixture.run();
    });
    onTestFinished(() => void vi.restoreAllMocks());
    await fixture.deliveries.dropReminders([ids.reminder], fixture.clock.now());
    expect(hasRun()).toBe(true);
    await expectReminder(fixture);
  });

  test('comes if that happened while it was decided about it', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    const { deliveries } = fixture;
    await createReminders({
      ...fixture.parts,
      deliveries: {
        ...deliveries,
        async recordReminders(reminders) {
          await acknowledge(fixture);
          await deliveries.recordReminders(reminders);
        },
      },
    })();
    expect(await fixture.reminders()).toMatchObject([{ state: 'dropped' }]);
    await undo(fixture);
    await expectReminder(fixture);
  });

  test('does not come again if Slack was just taking it', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    let answer = (_: WebhookAnswer) => {};
    fixture.answers.push(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    const sending = fixture.sendAll();
    await expect.poll(() => fixture.messages).toHaveLength(2);
    await acknowledge(fixture);
    answer(ok);
    await sending;
    expect(await fixture.reminders()).toMatchObject([{ state: 'sent' }]);
    await undo(fixture);
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(2);
  });
});

describe('a reminder that is withdrawn', () => {
  async function setupFailed() {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    const [reminder] = await fixture.reminders();
    await fixture.deliveries.fail([reminder?._id ?? ''], fixture.clock.now(), 'invalid_blocks');
    onTestFinished(() => void vi.restoreAllMocks());
    const { channelId, deliveries, clock } = fixture;
    return { ...fixture, retry: () => deliveries.replay({ channelId, accountId: 'acct_demo' }, clock.now()) };
  }

  test('is sent if another process decides about it before it is deleted', async () => {
    const fixture = await setupFailed();
    const hasRun = onWrite('deliveries', 'deleteMany', fixture.run);
    await fixture.retry();
    expect(hasRun()).toBe(true);
    await expectReminder(fixture);
    expect(await fixture.reminders()).toMatchObject([{ state: 'sent' }]);
  });

  test('is sent if the process dies before it deletes it', async () => {
    const fixture = await setupFailed();
    onWrite('deliveries', 'deleteMany', async () => {
      throw new Error('killed');
    });
    await expect(fixture.retry()).rejects.toThrow('killed');
    await expectReminder(fixture);
  });

  test('is sent if another process is about to note that it was recorded', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    fixture.answers.push({ kind: 'answered', status: 404, body: 'no_service', headers: {} });
    const { deliveries } = fixture;
    await createReminders({
      ...fixture.parts,
      deliveries: {
        ...deliveries,
        async markReminderDecided(alerts, remindedAt) {
          if (alerts.length > 0) await fixture.sendAll();
          await deliveries.markReminderDecided(alerts, remindedAt);
        },
      },
    })();
    expect(await fixture.reminders()).toEqual([]);
    await set(fixture, { status: 'active' });
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages[2]).toContain('⏰ Still open for 1 hour');
  });
});

describe('a reminder that failed', () => {
  async function setupFailed() {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    const [reminder] = await fixture.reminders();
    await fixture.deliveries.fail([reminder?._id ?? ''], fixture.clock.now(), 'invalid_blocks');
    const { channelId, deliveries, clock } = fixture;
    const retry = () => deliveries.replay({ channelId, accountId: 'acct_demo' }, clock.now());
    return { ...fixture, retry };
  }

  test('is sent on a retry, and says for how long its alert is open now', async () => {
    const { retry, clock, run, sendAll, messages } = await setupFailed();
    await clock.advance(hourMs);
    expect(await retry()).toEqual({ alerts: 0, reminders: 1 });
    await run();
    await sendAll();
    expect(messages[1]).toContain('⏰ Still open for 2 hours');
    expect(await retry()).toEqual({ alerts: 0, reminders: 0 });
  });

  test.each([
    ['muted', (fixture: Fixture) => mute(fixture)],
    ['paused', (fixture: Fixture) => set(fixture, { pausedUntil: 'until_resumed' })],
    [
      'in a channel that does not remind any more',
      (fixture: Fixture) => fixture.change({ remindAfter: 'never' }),
    ],
    ['a day old', (fixture: Fixture) => fixture.clock.advance(manyHours)],
  ] as const)('is not sent on a retry if its alert is %s', async (_, happen) => {
    const fixture = await setupFailed();
    await happen(fixture);
    await fixture.retry();
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(1);
    expect(await fixture.reminders()).toEqual([]);
  });

  test('is dropped once its alert is acknowledged, and is not sent on a retry', async () => {
    const fixture = await setupFailed();
    await acknowledge(fixture);
    expect(await fixture.reminders()).toMatchObject([{ state: 'dropped', lastError: 'acknowledged' }]);
    expect(await fixture.retry()).toEqual({ alerts: 0, reminders: 0 });
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(1);
  });
});

describe('a broken channel in which only a reminder waits', () => {
  /** It may be tried from an hour after it broke. */
  async function setupBroken(answers: WebhookAnswer[]) {
    const fixture = await setup();
    const { db, clock } = fixture;
    await set(fixture, { status: 'broken', brokenAt: clock.now(), retryAt: later(clock, hourMs) });
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
    await set(fixture, { status: 'active' });
    await expectReminder(fixture);
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
    await acknowledge(fixture);
    await fixture.recoverAll();
    expect(fixture.posts).toEqual([]);
    expect(await fixture.status()).toBe('broken');
  });
});

type Fixture = Omit<Awaited<ReturnType<typeof setup>>, 'posts'>;

/** Decides and sends again: the alert's reminder follows the alert. */
async function expectReminder({ run, sendAll, messages }: Fixture): Promise<void> {
  await run();
  await sendAll();
  expect(messages[1]).toContain('⏰ Still open for 1 hour');
}

async function acknowledge(fixture: Fixture): Promise<void> {
  const { reminder } = await acknowledgeOnly(fixture);
  await createDeliveryStore(fixture.db).dropReminders([reminder], fixture.clock.now());
}

/** As a process that dies before it drops the reminder. */
async function acknowledgeOnly({ db, clock, original }: Fixture) {
  const found = await createDeliveryStore(db).listByIds([(await original())?._id ?? '']);
  const [ids] = found.map(withReminder);
  if (ids === undefined) throw new Error('the alert is gone');
  const deliveries = createDeliveryStore(db);
  await deliveries.acknowledge([ids.alert, ids.reminder], 'U0DANA00001', clock.now());
  return ids;
}

async function undo({ deliveries, clock, original }: Fixture): Promise<void> {
  const id = (await original())?._id ?? '';
  await deliveries.undoAcknowledge([id], { until: clock.now() }, { by: 'U0DANA00001', at: clock.now() });
}

async function mute({ mutes, channelId, clock }: Fixture): Promise<void> {
  await mutes.save({
    channelId,
    accountId: 'acct_demo',
    customerId: sampleEvent('seed-example').customer.id,
    customerName: 'Acme',
    until: new Date(clock.now().getTime() + manyHours),
    mutedBy: 'U0DANA00001',
    createdAt: clock.now(),
  });
}

async function set({ db }: Fixture, change: object): Promise<void> {
  await db.collection('channels').updateMany({}, { $set: change });
}
