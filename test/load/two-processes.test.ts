import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { slackPaceMs } from '../../src/delivery/retry-schedule.ts';
import type { Scheduler } from '../../src/delivery/scheduler.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { customersIn, eventOf } from '../support/named-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

/** Without the recovery of every minute, which would find what nobody looks for. */
const scheduler: Scheduler = { async start() {}, async planOpening() {}, async stop() {} };

let first: TestApp;
let second: TestApp;
beforeEach(async () => {
  // Slack accepts strictly one message a second.
  first = await startTestApp({ shared: true, paceMs: slackPaceMs, slack: { burst: 1 }, scheduler });
  await first.connect('#customer-health', 'acct_demo');
  second = await startTestApp({ beside: first, scheduler });
});
afterEach(async () => {
  await second.close();
  await first.close();
});

const customers = () => customersIn(first.slack);

const testAlert = async ({ perly }: TestApp) =>
  (await perly.api('acct_demo')('post', '/perly/channels/T0ACMECS001:C0HEALTH001/test-alert')).body.result;

describe('two processes on one database', () => {
  test('alerts posted to both alternately arrive once, in order, and at the pace of one sender', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `Customer${index}`);
    for (const [index, name] of names.entries()) {
      const { perly } = index % 2 === 0 ? first : second;
      expect((await perly.post(eventOf(name))).status).toBe(202);
    }
    await first.slack.waitForMessages(() => customers().length >= names.length);
    expect(customers()).toEqual(names);
    // Not even the channel's first message and the first alert were sent within a second.
    expect(first.slack.webhookCalls.filter(({ status }) => status === 429)).toEqual([]);
  });

  test('the same events posted to both at once arrive once', async () => {
    const events = Array.from({ length: 40 }, (_, index) => eventOf(`Customer${index}`));
    const answers = await Promise.all(
      events.flatMap((event) => [first.perly.post(event), second.perly.post(event)]),
    );
    const counts = (await Promise.all(answers.map((answer) => answer.json()))) as { accepted: number }[];
    expect(counts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(40);
    await first.slack.waitForMessages(() => customers().length >= 40);
    expect(customers().sort()).toEqual(events.map(({ customer }) => customer.name).sort());
  });

  test('when one stops, the other soon sends what was left', async () => {
    await first.perly.post(eventOf('One'));
    await first.slack.waitForMessages(() => customers().length >= 1);
    await second.perly.post(eventOf('Two'));
    const wanted = () => first.db.collection('leases').countDocuments({ wanted: true });
    await expect.poll(wanted).toBe(1);
    await first.app.stop();
    await first.slack.waitForMessages(() => customers().length >= 2);
    expect(customers()).toEqual(['One', 'Two']);
  });

  test('when one stops, the other continues', async () => {
    const wait = first.slack.failWebhook('#customer-health', { status: 429, retryAfter: 1 });
    const asked = wait.nextHit();
    await first.perly.post(eventOf('One'));
    await asked;
    await first.app.stop();
    expect(customers()).toEqual([]);
    await second.perly.post(eventOf('Two'));
    wait.release();
    await first.slack.waitForMessages(() => customers().length >= 2);
    expect(customers()).toEqual(['One', 'Two']);
  });

  test('an alert that one whose clock is ahead records while the other sends waits only until it is due', async () => {
    const now = () => new Date(Date.now() + 3000);
    const ahead = await startTestApp({ beside: first, clock: { ...systemClock, now }, scheduler });
    onTestFinished(() => ahead.close());
    await first.perly.post(eventOf('One'));
    await first.slack.waitForMessages(() => customers().length >= 1);
    await ahead.perly.post(eventOf('Two'));
    await first.slack.waitForMessages(() => customers().length >= 2);
    expect(customers()).toEqual(['One', 'Two']);
  });

  test('test alerts requested from both at once keep the pace of the channel, and so do its alerts', async () => {
    const asked = Array.from({ length: 40 }, (_, index) => testAlert(index % 2 === 0 ? first : second));
    await first.perly.post(eventOf('Acme'));
    const results = await Promise.all(asked);
    const sent = results.filter((result) => result === 'sent').length;
    expect(sent).toBeGreaterThan(0);
    expect(results.filter((result) => result === 'busy')).toHaveLength(40 - sent);
    // Besides these, the channel's first message and the alert.
    await first.slack.waitForMessages(2 + sent);
    expect(first.slack.webhookCalls.filter(({ status }) => status !== 200)).toEqual([]);
    await expect.poll(() => testAlert(second)).toBe('sent');
  });
});
