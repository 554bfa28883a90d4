import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AdjustableClock, createAdjustableClock } from '../../sandbox/adjustable-clock.ts';
import { createClockScheduler } from '../../sandbox/clock-scheduler.ts';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { hourMs } from '../../src/lib/time.ts';
import { businessHours } from '../support/business-hours.ts';
import { eventOf } from '../support/named-events.ts';
import { changeRules, shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

const channel = '#customer-health';
const berlin = businessHours({ timeZone: 'Europe/Berlin' });

let clock: AdjustableClock;
let running: TestApp;
beforeEach(async () => {
  clock = createAdjustableClock();
  running = await startTestApp({
    paceMs: shortPaceMs,
    clock,
    scheduler: createClockScheduler({ clock, logger: pino({ level: 'silent' }) }),
  });
  await running.connect(channel, 'acct_demo');
  await changeRules(running, { timing: berlin });
});
afterEach(() => running.close());

/** In 2046 nothing has expired by the database's own clock. */
function advanceTo(instant: string): void {
  clock.forward(Date.parse(instant) - clock.now().getTime());
}

const post = async (name: string, rest: Partial<PerlyEvent> = {}) => {
  const answer = await running.perly.post({ ...eventOf(name), ...rest });
  expect(answer.status).toBe(202);
};
const texts = () => running.slack.messages(channel).map(({ payload }) => renderLines(payload).join('\n'));
const states = async () =>
  Object.fromEntries(
    (await running.db.collection('deliveries').find().toArray()).map(({ eventKey, state }) => [
      (JSON.parse(eventKey) as string[])[1]?.slice('evt_'.length),
      state,
    ]),
  );

describe('a weekend on which the clocks change', () => {
  test("Friday evening's alerts are held, a critical alert passes on Sunday, Monday brings one digest and Tuesday none", async () => {
    // The last Friday of March 2046 in Berlin, 18:00.
    advanceTo('2046-03-23T18:00:00+01:00');
    await post('One');
    await post('Two');
    expect(texts()).toHaveLength(1);
    expect(await states()).toEqual({ One: 'held', Two: 'held' });
    const status = await running.perly.eventStatus('acct_demo', 'evt_One');
    expect(await status.json()).toMatchObject({
      channels: [
        {
          decision: 'hold',
          delivery: { state: 'held', held_for: 'quiet_hours', held_until: '2046-03-26T07:00:00.000Z' },
        },
      ],
    });

    // The night in which 02:00 becomes 03:00 is over.
    advanceTo('2046-03-25T12:00:00+02:00');
    await post('Three');
    await post('Urgent', { risk_level: 'critical' });
    await running.slack.waitForMessages(2);
    expect(texts()[1]).toContain('Urgent');

    advanceTo('2046-03-26T08:50:00+02:00');
    await post('Four');
    expect(await states()).toMatchObject({
      One: 'held',
      Two: 'held',
      Three: 'held',
      Four: 'held',
      Urgent: 'sent',
    });
    expect(texts()).toHaveLength(2);

    advanceTo('2046-03-26T09:00:00+02:00');
    await running.slack.waitForMessages(3);
    expect(texts()[2]).toContain('While you were away: 4 alerts, 4 customers');
    await expect.poll(states).toMatchObject({ One: 'sent', Two: 'sent', Three: 'sent', Four: 'sent' });
    await post('Five');
    await running.slack.waitForMessages(4);
    expect(texts()[3]).toContain('Five');

    advanceTo('2046-03-27T09:00:00+02:00');
    await post('Six');
    await running.slack.waitForMessages(5);
    expect(texts()[4]).toContain('Six');
    expect(texts().filter((text) => text.includes('While you were away'))).toHaveLength(1);
  });

  test('alerts about one customer become one entry, in its latest state', async () => {
    advanceTo('2046-03-23T18:00:00+01:00');
    const acme = eventOf('Acme').customer;
    await post('One', { customer: acme, risk_level: 'high', health_score: { current: 30, change: -20 } });
    await post('Two', {
      customer: acme,
      risk_level: 'low',
      health_score: { current: 25, change: -5 },
      occurred_at: '2026-03-02T15:05:00Z',
    });
    advanceTo('2046-03-26T09:00:00+02:00');
    await running.slack.waitForMessages(2);
    expect(texts()[1]).toContain('While you were away: 2 alerts, 1 customer');
    expect(texts()[1]).toContain('Acme — Health score dropped to 25 (-25)');
    expect(texts()[1]).toContain('Risk level: Low (was high)');
  });

  test('an alert from the future is not the latest forever: later ones are', async () => {
    advanceTo('2046-03-23T18:00:00+01:00');
    const acme = eventOf('Acme').customer;
    await post('One', { customer: acme, risk_level: 'low', occurred_at: '2046-03-25T00:00:00Z' });
    advanceTo('2046-03-23T18:01:00+01:00');
    await post('Two', { customer: acme, risk_level: 'high', occurred_at: '2046-03-23T17:00:30Z' });
    advanceTo('2046-03-26T09:00:00+02:00');
    await running.slack.waitForMessages(2);
    expect(texts()[1]).toContain('Risk level: High');
    expect(texts()[1]).not.toContain('(was');
  });

  test('one digest a day says that it is one, also after an alert in it is acknowledged', async () => {
    const { timeZone, days, holidays } = berlin;
    await changeRules(running, { timing: { kind: 'daily_digest', timeZone, days, holidays } });
    advanceTo('2046-03-23T12:00:00+01:00');
    await post('One');
    await post('Two');
    expect(texts()).toHaveLength(1);
    advanceTo('2046-03-26T09:00:00+02:00');
    const [, digest] = await running.slack.waitForMessages(2);
    expect(texts()[1]).toMatch(/^Daily digest: 2 alerts, 2 customers/);
    await running.slack.click({
      user: 'milo',
      on: digest?.ts ?? '',
      actionId: 'alert_menu',
      attachment: 1,
      choice: 'acknowledge',
    });
    await expect.poll(() => texts()[1]).toContain('✓ Acknowledged by');
    expect(texts()[1]).toMatch(/^Daily digest: 2 alerts, 2 customers/);
  });

  test('if alerts outside business hours are discarded, they are counted and nothing is sent', async () => {
    await changeRules(running, {
      timing: { ...berlin, outside: 'discard' },
    });
    advanceTo('2046-03-23T18:00:00+01:00');
    await post('One');
    const status = await running.perly.eventStatus('acct_demo', 'evt_One');
    expect(await status.json()).toMatchObject({
      channels: [{ decision: 'suppress', reason: 'quiet_hours', delivery: null }],
    });
    advanceTo('2046-03-26T09:00:00+02:00');
    await post('Two');
    await running.slack.waitForMessages(2);
    expect(texts()[1]).toContain('Two');
  });

  test('a channel that is broken at the opening gets its digest when it works again', async () => {
    advanceTo('2046-03-23T18:00:00+01:00');
    await post('One');
    running.slack.archiveChannel(channel);
    advanceTo('2046-03-26T09:00:00+02:00');
    await expect.poll(() => running.db.collection('channels').findOne()).toMatchObject({ status: 'broken' });
    await expect.poll(states).toEqual({ One: 'held' });
    await post('Two');
    running.slack.unarchiveChannel(channel);
    await running.connect(channel, 'acct_demo');
    await running.slack.waitForMessages(3);
    expect(texts()[2]).toContain('While this channel was broken: 2 alerts, 2 customers');
    await expect.poll(states).toEqual({ One: 'sent', Two: 'sent' });
  });

  test('a digest that Slack does not accept is retried together with what opened meanwhile, as one digest', async () => {
    advanceTo('2046-03-23T18:00:00+01:00');
    await post('One');
    const away = running.slack.failWebhook(channel, { status: 500 });
    const asked = away.nextHit();
    advanceTo('2046-03-26T09:00:00+02:00');
    await asked;
    advanceTo('2046-03-26T18:00:00+02:00');
    await post('Two');
    advanceTo('2046-03-27T09:00:00+02:00');
    // Both were in a digest that Slack did not accept.
    await expect.poll(states).toEqual({ One: 'pending', Two: 'pending' });
    running.slack.clearFaults();
    clock.forward(11 * hourMs);
    await expect.poll(states).toEqual({ One: 'sent', Two: 'sent' });
    expect(texts().filter((text) => text.includes('While you were away'))).toEqual([
      expect.stringContaining('While you were away: 2 alerts, 2 customers'),
    ]);
  });
});

describe('rules that change while alerts are held', () => {
  beforeEach(async () => {
    advanceTo('2046-03-23T18:00:00+01:00');
    await post('One');
    await post('Two', { type: 'customer_at_risk', risk_level: 'low' });
  });

  test('quiet hours switched off: held alerts are sent now, as one digest', async () => {
    await changeRules(running, { timing: 'at_once' });
    await running.slack.waitForMessages(2);
    expect(texts()[1]).toContain('While you were away: 2 alerts, 2 customers');
    await expect.poll(states).toEqual({ One: 'sent', Two: 'sent' });
  });

  test('quiet hours moved: held alerts move with them', async () => {
    await changeRules(running, {
      timing: businessHours({ timeZone: 'Europe/Berlin', days: ['sat'], start: '10:00', end: '12:00' }),
    });
    expect(await states()).toEqual({ One: 'held', Two: 'held' });
    advanceTo('2046-03-24T10:00:00+01:00');
    // The later alerts planned the opening; otherwise recovery finds it.
    advanceTo('2046-03-24T10:01:00+01:00');
    await running.slack.waitForMessages(2);
    await expect.poll(states).toEqual({ One: 'sent', Two: 'sent' });
  });

  test('what the new rules suppress is dropped, and Perly can see why', async () => {
    await changeRules(running, {
      eventTypes: ['health_score_drop'],
      timing: berlin,
    });
    expect(await states()).toEqual({ One: 'held', Two: 'dropped' });
    const status = await running.perly.eventStatus('acct_demo', 'evt_Two');
    expect(await status.json()).toMatchObject({
      channels: [{ decision: 'hold', delivery: { state: 'dropped', error: 'event_type_off' } }],
    });
  });
});
