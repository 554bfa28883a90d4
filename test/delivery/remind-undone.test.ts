import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { hourMs } from '../../src/lib/time.ts';
import { onWrite } from '../support/on-write.ts';
import { manyHours, type Reminders, setupReminders } from '../support/setup-reminders.ts';
import { fault, ok } from '../support/setup-sender.ts';

const setup = setupReminders();

describe('an acknowledgement that is undone', () => {
  test('after the reminder was due brings it, as soon as somebody looks', async () => {
    const fixture = await setup();
    await fixture.acknowledge();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    expect(await fixture.reminders()).toEqual([]);
    await fixture.clock.advance(hourMs);
    await fixture.undo();
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages[1]).toContain('⏰ Still open for 2 hours');
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(2);
  });

  test('while it is decided about the reminder brings it', async () => {
    const fixture = await setup();
    await fixture.acknowledge();
    await fixture.clock.advance(hourMs);
    const { deliveries } = fixture;
    await fixture.createRun({
      async markReminderUndecided(ids) {
        await fixture.undo();
        await deliveries.markReminderUndecided(ids);
      },
    })();
    await fixture.run();
    expect(await fixture.reminders()).toHaveLength(1);
  });

  test('after a day brings none', async () => {
    const fixture = await setup();
    await fixture.acknowledge();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    await fixture.clock.advance(manyHours);
    await fixture.undo();
    await fixture.run();
    expect(await fixture.reminders()).toEqual([]);
    expect(await fixture.original()).not.toHaveProperty('awaitsReminder');
  });

  test('brings none of an alert that never had one', async () => {
    const fixture = await setup({ remindAfter: 'never' });
    await fixture.acknowledge();
    await fixture.change({ remindAfter: '1_hour' });
    await fixture.undo();
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
    await fixture.acknowledge();
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
    await fixture.undo();
    await fixture.run();
    expect(await fixture.reminders()).toMatchObject([{ state: 'pending', lastError: null }]);
    await fixture.acknowledge();
    await fixture.undo();
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toEqual([expect.stringContaining('⏰ Still open for 2 hours')]);
    await fixture.acknowledge();
    await fixture.undo();
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(1);
    expect(await fixture.original()).toMatchObject({ remindedAt: expect.any(Date) });
  });

  test('comes once if two processes look at the same time', async () => {
    const fixture = await setupDropped();
    await fixture.undo();
    await Promise.all([fixture.run(), fixture.createRun()()]);
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(1);
  });

  test.each([
    ['muted', ({ mute }: Reminders) => mute(manyHours)],
    ['paused', ({ updateChannel }: Reminders) => updateChannel({ pausedUntil: 'until_resumed' })],
    ['a day old', ({ clock }: Reminders) => clock.advance(manyHours)],
  ] as const)('does not come if its alert is %s by then', async (_, happen) => {
    const fixture = await setupDropped();
    await happen(fixture);
    await fixture.undo();
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toEqual([]);
    expect(await fixture.original()).not.toHaveProperty('awaitsReminder');
  });

  test('is dropped before it is sent if the process died before that', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    await fixture.acknowledgeOnly();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(1);
    expect(await fixture.reminders()).toMatchObject([{ state: 'dropped', lastError: 'acknowledged' }]);
    await fixture.undo();
    await fixture.expectReminder();
  });

  test('comes if that was undone before it was dropped', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    const ids = await fixture.acknowledgeOnly();
    await fixture.undo();
    await fixture.deliveries.dropReminders([ids.reminder], fixture.clock.now());
    await fixture.expectReminder();
  });

  test('comes if it was recorded again before it was dropped', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    await fixture.run();
    const ids = await fixture.acknowledgeOnly();
    const hasRun = onWrite('deliveries', 'updateMany', async () => {
      vi.restoreAllMocks();
      await fixture.deliveries.dropReminders([ids.reminder], fixture.clock.now());
      await fixture.undo();
      await fixture.run();
    });
    onTestFinished(() => void vi.restoreAllMocks());
    await fixture.deliveries.dropReminders([ids.reminder], fixture.clock.now());
    expect(hasRun()).toBe(true);
    await fixture.expectReminder();
  });

  test('comes if that happened while it was decided about it', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    const { deliveries } = fixture;
    await fixture.createRun({
      async recordReminders(reminders) {
        await fixture.acknowledge();
        await deliveries.recordReminders(reminders);
      },
    })();
    expect(await fixture.reminders()).toMatchObject([{ state: 'dropped' }]);
    await fixture.undo();
    await fixture.expectReminder();
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
    await fixture.acknowledge();
    answer(ok);
    await sending;
    expect(await fixture.reminders()).toMatchObject([{ state: 'sent' }]);
    await fixture.undo();
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(2);
  });
});
