import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderLines, renderMessage } from '../../sandbox/slack/render/render-message.ts';
import { dayMs } from '../../src/lib/time.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import { customersIn, eventOf } from '../support/named-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
let logsBefore: number;
beforeAll(async () => {
  // The smallest jitter: the first retry comes after 800 ms.
  running = await startTestApp({ paceMs: shortPaceMs, random: () => 0 });
});
beforeEach(async () => {
  await emptyDatabase(running.db);
  for (const message of running.slack.messages()) running.slack.model.deleteMessage(message);
  await running.connect('#customer-health', 'acct_demo');
  logsBefore = running.logs.length;
});
afterEach(() => {
  running.slack.clearFaults();
  running.slack.unarchiveChannel('#customer-health');
});
afterAll(() => running.close());

const customers = (channel?: string) => customersIn(running.slack, channel);
const arrival = (...names: string[]) =>
  running.slack.waitForMessages(() => names.every((name) => customers().includes(name)));
const delivery = (name: string) =>
  running.db.collection('deliveries').findOne({ eventKey: JSON.stringify(['acct_demo', `evt_${name}`]) });

describe('sending', () => {
  test('what Slack does not accept is retried, and later alerts stay behind it', async () => {
    const fault = running.slack.failWebhook('#customer-health', { status: 500, body: 'rollup_error' }, 1);
    const asked = fault.nextHit();
    await running.perly.post(eventOf('One'));
    await asked;
    await running.perly.post(eventOf('Two'));
    await arrival('One', 'Two');
    expect(customers()).toEqual(['One', 'Two']);
    await expect.poll(() => delivery('One')).toMatchObject({ state: 'sent', attempts: 1, lastError: null });
    await expect.poll(() => delivery('Two')).toMatchObject({ state: 'sent', attempts: 0 });
  });

  test('a critical alert is sent before those that wait for a retry', async () => {
    const fault = running.slack.failWebhook('#customer-health', { error: 'rollup_error', onlyWith: 'One' });
    const asked = fault.nextHit();
    await running.perly.post(eventOf('One'));
    await asked;
    await running.perly.post({ ...eventOf('Urgent'), risk_level: 'critical' });
    await arrival('Urgent');
    fault.release();
    await arrival('One');
    expect(customers()).toEqual(['Urgent', 'One']);
  });

  test('Retry-After is obeyed, and counts no attempt', async () => {
    running.slack.failWebhook('#customer-health', { status: 429, retryAfter: 2 }, 1);
    await running.perly.post(eventOf('One'));
    await arrival('One');
    const asked = running.slack.webhookCalls.findLast(({ status }) => status === 429);
    const [, accepted] = running.slack.messages('#customer-health');
    expect((accepted?.receivedAt ?? 0) - (asked?.at ?? 0)).toBeGreaterThanOrEqual(2000);
    await expect.poll(() => delivery('One')).toMatchObject({ state: 'sent', attempts: 0 });
  });

  test('a message whose answer was lost is sent again: the one case of a duplicate alert', async () => {
    running.slack.failWebhook('#customer-health', { reset: 'after' }, 1);
    await running.perly.post(eventOf('One'));
    await running.slack.waitForMessages(() => customers().length === 2);
    await expect.poll(() => delivery('One')).toMatchObject({ state: 'sent', attempts: 1 });
    expect(customers()).toEqual(['One', 'One']);
  });

  test('a message that Slack refuses arrives as plain text, and the refusal is logged', async () => {
    running.slack.failWebhook('#customer-health', { error: 'invalid_blocks' }, 1);
    await running.perly.post(eventOf('One'));
    await running.slack.waitForMessages(2);
    const [, message] = running.slack.messages('#customer-health');
    expect(message?.payload).not.toHaveProperty('attachments');
    expect(renderLines(message?.payload).join(' ')).toContain('One — Health score dropped to 32 (-18)');
    await expect.poll(() => delivery('One')).toMatchObject({ state: 'sent', attempts: 0 });
    expect(running.logs.slice(logsBefore).join('')).toContain('invalid_blocks');
  });

  test.each([
    ['invalid_blocks_format', 'acme_corp'],
    ['invalid_attachments', '*Starlight* | ~`north`~'],
    ['invalid_blocks_format', 'שלום_עולם 24'],
  ])(
    'if Slack accepts no rich text (%s), %j arrives as plain text, with its name unchanged',
    async (error, name) => {
      const fault = running.slack.failWebhook('#customer-health', { error, onlyWith: '"rich_text"' });
      const event = eventOf('One');
      await running.perly.post({ ...event, customer: { ...event.customer, name } });
      await running.slack.waitForMessages(2);
      const [, message] = running.slack.messages('#customer-health');
      expect(fault.hits).toBe(1);
      expect(message?.payload).not.toHaveProperty('attachments');
      expect(message?.payload).not.toHaveProperty('blocks');
      const [own] = renderMessage(message?.payload);
      // The characters that isolate a name from the line's direction are around it, not in it.
      expect(own?.lines[0]?.replace(/[\u2068\u2069]/g, '')).toBe(
        `${name} — Health score dropped to 32 (-18)`,
      );
      expect(own).toMatchObject({ formats: [], mentions: [], links: [{ url: event.customer.url }] });
      await expect.poll(() => delivery('One')).toMatchObject({ state: 'sent', attempts: 0 });
    },
  );

  test('a message that Slack refuses as plain text too fails, and the next one is sent', async () => {
    running.slack.failWebhook('#customer-health', { error: 'invalid_payload' }, 2);
    await running.perly.post(eventOf('One'));
    await expect.poll(() => delivery('One')).toMatchObject({ state: 'failed', lastError: 'invalid_payload' });
    await running.perly.post(eventOf('Two'));
    await arrival('Two');
    expect(customers()).toEqual(['Two']);
  });

  test('a channel whose webhook is gone is broken, and keeps its rules and alerts', async () => {
    running.slack.archiveChannel('#customer-health');
    await running.perly.post(eventOf('One'));
    const channels = running.db.collection('channels');
    await expect
      .poll(() => channels.findOne({}))
      .toMatchObject({
        status: 'broken',
        brokenReason: 'The channel was archived.',
        rules: { riskThreshold: 'low' },
      });
    await running.perly.post(eventOf('Two'));
    await expect.poll(() => delivery('One')).toMatchObject({ state: 'held', attempts: 0 });
    expect(await delivery('Two')).toMatchObject({ state: 'held' });
  });

  test('a reconnected channel gets one digest of what it missed, and the page says so', async () => {
    running.slack.archiveChannel('#customer-health');
    await running.perly.post(eventOf('One'));
    await expect.poll(() => delivery('One')).toMatchObject({ state: 'held' });
    for (const name of ['Two', 'Ancient']) await running.perly.post(eventOf(name));
    const weekAgo = new Date(Date.now() - 7 * dayMs);
    await running.db
      .collection('deliveries')
      .updateOne(
        { eventKey: { $regex: 'Ancient' } },
        { $set: { createdAt: weekAgo, nextAttemptAt: weekAgo } },
      );

    running.slack.unarchiveChannel('#customer-health');
    const page = await running.connect('#customer-health', 'acct_demo');
    expect(await page.text()).toContain('3 alerts were held while the channel was broken');
    const [, , digest] = await running.slack.waitForMessages(3);
    const lines = renderLines(digest?.payload).join('\n');
    expect(lines).toContain('3 alerts');
    for (const name of ['One', 'Two', 'Ancient']) expect(lines).toContain(name);
    for (const name of ['One', 'Two', 'Ancient'])
      await expect.poll(() => delivery(name)).toMatchObject({ state: 'sent' });

    await running.perly.post(eventOf('Four'));
    await arrival('Four');
    expect(running.slack.messages('#customer-health')).toHaveLength(4);
    expect(await running.db.collection('channels').findOne({})).toMatchObject({
      status: 'active',
      brokenReason: null,
    });
  });

  test('a webhook that does not answer holds up no other channel', async () => {
    await running.connect('#billing-alerts', 'acct_demo');
    const fault = running.slack.failWebhook('#customer-health', { hang: 'before' }, 1);
    await running.perly.post(eventOf('One'));
    await running.slack.waitForMessages(() => customers('#billing-alerts').includes('One'));
    expect(customers()).toEqual([]);
    fault.release();
    await arrival('One');
  });
});
