import { afterEach, describe, expect, test, vi } from 'vitest';
import { hourMs } from '../../src/lib/time.ts';
import { onWrite } from '../support/on-write.ts';
import { manyHours, type Reminders, setupReminders } from '../support/setup-reminders.ts';

const setup = setupReminders();
afterEach(() => vi.restoreAllMocks());

/** The reminder of the alert failed, and can be retried. */
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

describe('a reminder that failed', () => {
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
    ['muted', ({ mute }: Reminders) => mute(manyHours)],
    ['paused', ({ updateChannel }: Reminders) => updateChannel({ pausedUntil: 'until_resumed' })],
    [
      'in a channel that does not remind any more',
      ({ change }: Reminders) => change({ remindAfter: 'never' }),
    ],
    ['a day old', ({ clock }: Reminders) => clock.advance(manyHours)],
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
    await fixture.acknowledge();
    expect(await fixture.reminders()).toMatchObject([{ state: 'dropped', lastError: 'acknowledged' }]);
    expect(await fixture.retry()).toEqual({ alerts: 0, reminders: 0 });
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages).toHaveLength(1);
  });
});

describe('a reminder that is withdrawn', () => {
  test('is sent if another process decides about it before it is deleted', async () => {
    const fixture = await setupFailed();
    const hasRun = onWrite('deliveries', 'deleteMany', fixture.run);
    await fixture.retry();
    expect(hasRun()).toBe(true);
    await fixture.expectReminder();
    expect(await fixture.reminders()).toMatchObject([{ state: 'sent' }]);
  });

  test('is sent if the process dies before it deletes it', async () => {
    const fixture = await setupFailed();
    onWrite('deliveries', 'deleteMany', async () => {
      throw new Error('killed');
    });
    await expect(fixture.retry()).rejects.toThrow('killed');
    await fixture.expectReminder();
  });

  test('is sent if another process is about to note that it was recorded', async () => {
    const fixture = await setup();
    await fixture.clock.advance(hourMs);
    fixture.answers.push({ kind: 'answered', status: 404, body: 'no_service', headers: {} });
    const { deliveries } = fixture;
    await fixture.createRun({
      async markReminderDecided(alerts, remindedAt) {
        if (alerts.length > 0) await fixture.sendAll();
        await deliveries.markReminderDecided(alerts, remindedAt);
      },
    })();
    expect(await fixture.reminders()).toEqual([]);
    await fixture.updateChannel({ status: 'active' });
    await fixture.run();
    await fixture.sendAll();
    expect(fixture.messages[2]).toContain('⏰ Still open for 1 hour');
  });
});
