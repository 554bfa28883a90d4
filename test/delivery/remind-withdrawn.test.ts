import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createReminders } from '../../src/delivery/remind.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { hourMs } from '../../src/lib/time.ts';
import { onWrite } from '../support/on-write.ts';
import { setupDatabase } from '../support/setup-database.ts';
import {
  acknowledge,
  acknowledgeOnly,
  expectReminder,
  type Fixture,
  manyHours,
  mute,
  set,
  setupReminders,
  undo,
} from '../support/setup-reminders.ts';
import { fault, ok } from '../support/setup-sender.ts';

const database = setupDatabase();

const setup = (rules?: Parameters<typeof setupReminders>[1]) => setupReminders(database.db, rules);

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
