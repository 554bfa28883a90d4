import { expect, test } from 'vitest';
import { retryDelays } from '../../src/delivery/retry-schedule.ts';
import { minuteMs } from '../../src/lib/time.ts';
import { openBrowser } from '../support/browser.ts';
import { eventOf } from '../support/named-events.ts';
import { setupHome } from '../support/setup-home.ts';
import { slackLinksOf } from '../support/slack-links-of.ts';
import { startTestApp } from '../support/test-app.ts';

const fixture = setupHome({}, { shared: true });
const { dana, channels } = fixture;

const deliveries = () => fixture.running.db.collection('deliveries');
const page = '<html><body>403 Forbidden</body></html>';

/** Once the sender is idle; until then it works with the channel as it read it. */
const isIdle = () => expect.poll(() => fixture.running.db.collection('leases').countDocuments()).toBe(0);

async function readChannel() {
  const { body } = await fixture.running.perly.api('acct_demo')('get', '/perly/channels');
  return (body as { channels: { status: string; delivering: unknown }[] }).channels[0];
}

test('a channel behind a proxy that answers 403 stays active, and shows since when alerts are failing', async () => {
  const { slack, perly } = fixture.running;
  const fault = slack.failWebhook('#customer-health', { status: 403, body: page, type: 'html' });
  await perly.post(eventOf('One'));
  await expect.poll(() => dana.home()).toContain('🟠 Slack has not been taking alerts since <!date');
  expect(dana.home()).toContain('the answer did not come from Slack (HTTP 403)');
  expect(dana.home()).not.toMatch(/🟢|no alert (yet|in the last 30 days)/);
  expect(await readChannel()).toMatchObject({
    status: 'active',
    delivering: { since: expect.any(String), reason: 'http_403', waits_until: null },
  });
  await perly.post({ ...eventOf('Urgent'), risk_level: 'critical' });
  fault.release();
  await expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(2);
  await expect.poll(() => dana.home()).toContain('🟢 Active');
  expect(await readChannel()).toMatchObject({ status: 'active', delivering: null });
  await isIdle();
});

test('a Retry-After of a year blocks the channel for 15 minutes at most, which the API says', async () => {
  const { slack, perly } = fixture.running;
  slack.failWebhook('#customer-health', { status: 429, retryAfter: '9000000000000' });
  const before = slack.webhookCalls.length;
  await perly.post(eventOf('One'));
  await expect.poll(async () => (await channels().findOne())?.trouble?.reason).toBe('rate_limited');
  await perly.post({ ...eventOf('Urgent'), risk_level: 'critical' });
  await expect.poll(() => deliveries().countDocuments({ state: 'pending' })).toBe(2);
  expect(slack.webhookCalls.length - before).toBe(1);
  const { waitsUntil } = (await channels().findOne())?.trouble ?? {};
  expect(waitsUntil.getTime() - Date.now()).toBeLessThanOrEqual(15 * minuteMs);
  expect(await readChannel()).toMatchObject({
    delivering: { reason: 'rate_limited', waits_until: waitsUntil.toISOString() },
  });
  slack.clearFaults();
});

test('what waits for a far retry is sent once its channel is reconnected', async () => {
  const { slack, perly } = fixture.running;
  const fault = slack.failWebhook('#customer-health', { status: 403, body: page, type: 'html' });
  await perly.post(eventOf('One'));
  await expect.poll(async () => (await deliveries().findOne())?.attempts).toBeGreaterThanOrEqual(1);
  const farRetry = new Date(Date.now() + 36_000_000);
  await expect
    .poll(async () => {
      await deliveries().updateOne({}, { $set: { nextAttemptAt: farRetry } });
      return (await deliveries().findOne())?.nextAttemptAt;
    })
    .toEqual(farRetry);
  fault.release();
  await fixture.running.connect('#customer-health', 'acct_demo');
  await expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(1);
  await isIdle();
});

test('a test alert obeys a wait that Slack asked for, and says until when', async () => {
  const { slack, perly } = fixture.running;
  slack.failWebhook('#customer-health', { status: 429, retryAfter: 600 });
  await perly.post(eventOf('One'));
  await expect.poll(async () => (await channels().findOne())?.trouble?.reason).toBe('rate_limited');
  const before = slack.webhookCalls.length;
  const [{ id } = { id: '' }] = (
    (await perly.api('acct_demo')('get', '/perly/channels')).body as { channels: { id: string }[] }
  ).channels;
  const { body } = await perly.api('acct_demo')('post', `/perly/channels/${id}/test-alert`);
  const { waitsUntil } = (await channels().findOne())?.trouble ?? {};
  expect(body).toEqual({
    result: 'busy',
    reason: `Slack asked Perly to wait until ${waitsUntil.toISOString()}.`,
  });
  await dana.press('channel_menu', 'Slack asked Perly to wait until <!date', 'test_alert');
  expect(slack.webhookCalls).toHaveLength(before);
  slack.clearFaults();
});

test('a test alert in a broken channel obeys such a wait too, also if it was the first to hear of it', async () => {
  const { slack, perly } = fixture.running;
  slack.failWebhook('#customer-health', { status: 404, body: 'no_service' });
  await perly.post(eventOf('One'));
  await expect.poll(async () => (await readChannel())?.status).toBe('broken');
  slack.clearFaults();
  slack.failWebhook('#customer-health', { status: 429, retryAfter: 600 });
  const before = slack.webhookCalls.length;
  const { _id: id } = (await channels().findOne()) ?? {};
  const press = async () => (await perly.api('acct_demo')('post', `/perly/channels/${id}/test-alert`)).body;
  const trouble = async () => (await channels().findOne())?.trouble;
  await expect
    .poll(async () => {
      await press();
      return (await trouble())?.reason;
    })
    .toBe('rate_limited');
  const { waitsUntil } = (await trouble()) ?? {};
  expect(await press()).toEqual({
    result: 'busy',
    reason: `Slack asked Perly to wait until ${waitsUntil.toISOString()}.`,
  });
  await dana.press('channel_menu', 'Slack asked Perly to wait until <!date', 'test_alert');
  // A broken channel holds its alerts for longer, and a paused one has none.
  expect(dana.modalText()).not.toContain('are sent then');
  expect(slack.webhookCalls).toHaveLength(before + 1);
  expect(await readChannel()).toMatchObject({ status: 'broken' });
  slack.clearFaults();
});

test('a process that starts later obeys the wait that Slack asked another one for', async () => {
  const { slack, perly } = fixture.running;
  slack.failWebhook('#customer-health', { status: 429, retryAfter: 600 });
  const before = slack.webhookCalls.length;
  await perly.post(eventOf('One'));
  await expect.poll(async () => (await channels().findOne())?.trouble?.reason).toBe('rate_limited');
  const other = await startTestApp({ beside: fixture.running });
  await other.perly.post(eventOf('Two'));
  await other.close();
  expect(slack.webhookCalls.length - before).toBe(1);
  expect(await deliveries().countDocuments({ state: 'pending' })).toBe(2);
  slack.clearFaults();
});

test('a test alert during an outage causes no trouble in a channel without waiting alerts', async () => {
  const fault = fixture.running.slack.failWebhook('#customer-health', { status: 503 });
  await dana.press('channel_menu', 'did not reach', 'test_alert');
  fault.release();
  await fixture.running.slack.closeView('dana', { all: true });
  await dana.open('🟢 Active');
  expect(dana.home()).not.toContain('has not been taking alerts');
  expect(await readChannel()).toMatchObject({ delivering: null });
});

test('after the last attempt of the last alert failed, nothing claims to be retried', async () => {
  const { slack, perly } = fixture.running;
  const fault = slack.failWebhook('#customer-health', { status: 503 });
  await perly.post(eventOf('One'));
  await expect.poll(async () => (await channels().findOne())?.trouble?.reason).toBe('internal_error');
  await expect
    .poll(async () => {
      await deliveries().updateOne(
        { state: 'pending' },
        { $set: { attempts: retryDelays.length, nextAttemptAt: new Date() } },
      );
      return (await deliveries().findOne())?.state;
    })
    .toBe('failed');
  fault.release();
  await isIdle();
  await dana.open('🟠 The latest alert failed');
  expect(dana.home()).not.toContain('has not been taking alerts');
  expect(await readChannel()).toMatchObject({ delivering: null });
});

test('a channel whose only alert failed is not shown as active', async () => {
  await fixture.running.perly.post(eventOf('One'));
  await expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(1);
  await deliveries().updateOne({}, { $set: { state: 'failed', lastError: 'invalid_blocks' } });
  await dana.open('🟠 The latest alert failed');
  expect(dana.home()).not.toMatch(/🟢|no alert (yet|in the last 30 days)/);
});

test('an alert that expired before Slack took it is not said to be in Activity', async () => {
  await fixture.running.perly.post(eventOf('One'));
  await expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(1);
  await deliveries().updateOne({}, { $set: { state: 'failed', lastError: 'event_expired' } });
  const home = await dana.open('1 could not be sent');
  expect(home).not.toMatch(/see Activity|no alert (yet|in the last 30 days)/);
});

test('a channel to which a failed alert moved is shown as active, with the alert to retry', async () => {
  const { slack, perly } = fixture.running;
  await perly.post(eventOf('One'));
  await expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(1);
  await deliveries().updateOne({}, { $set: { state: 'failed', lastError: 'http_500' } });
  const person = { teamId: 'T0ACMECS001', userId: 'U0DANA00001' };
  const link = await slackLinksOf(fixture.running).move(person, 'T0ACMECS001:C0HEALTH001');
  const browser = openBrowser();
  const choice = { channel: '#billing-alerts', user: 'Dana Reyes' };
  const back = await slack.approve(await browser.follow(link), choice);
  expect((await browser.get(back)).status).toBe(200);
  const moved = { state: 'failed', channelId: 'T0ACMECS001:C0BILLING01' };
  await expect.poll(() => deliveries().countDocuments(moved)).toBe(1);
  const home = await dana.open('<#C0BILLING01>');
  expect(home).toContain('🟢 Active · 1 failed, see Activity');

  await deliveries().updateOne(moved, { $set: { finishedAt: new Date() } });
  await dana.open('🟠 The latest alert failed');
});

test.each([
  [
    'an error in a 200',
    { status: 200, body: '{"ok":false,"error":"invalid_blocks"}', type: 'json' },
    'did not reach',
  ],
  ['a page in a 200', { status: 200, body: page, type: 'html' }, 'did not confirm'],
  ['a lost connection', { reset: 'after' } as const, 'did not confirm'],
])('a test alert with the answer %s does not count as sent', async (_, fault, words) => {
  fixture.running.slack.failWebhook('#customer-health', fault, 1);
  await dana.press('channel_menu', words, 'test_alert');
});

test('an alert that Slack refuses fails alone, whatever it is sent with', async () => {
  const { slack, perly } = fixture.running;
  const fault = slack.failWebhook('#customer-health', { error: 'user_not_found', onlyWith: 'Culprit' });
  await perly.post({ events: ['One', 'Culprit', 'Two', 'Three'].map(eventOf) });
  await expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(3);
  await expect.poll(() => deliveries().countDocuments({ state: 'failed' })).toBe(1);
  expect(await deliveries().findOne({ state: 'failed' })).toMatchObject({ lastError: 'user_not_found' });
  fault.release();
});

test('a test alert tries a broken channel for real, and makes it active if Slack accepts it', async () => {
  const { slack, perly } = fixture.running;
  slack.archiveChannel('#customer-health');
  await perly.post(eventOf('One'));
  await expect.poll(() => dana.home()).toContain('Broken: The channel was archived');
  await dana.press('channel_menu', 'Alerts are not reaching', 'test_alert');
  slack.unarchiveChannel('#customer-health');
  await slack.closeView('dana', { all: true });
  await dana.press('channel_menu', 'A test alert was sent', 'test_alert');
  await expect.poll(() => dana.home()).toContain('🟢 Active');
  await expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(1);
});
