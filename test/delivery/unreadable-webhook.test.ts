import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKeyring } from '../../src/store/keyring.ts';
import { createHomeDriver } from '../support/home-driver.ts';
import { customersIn, eventOf } from '../support/named-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

const health = 'T0ACMECS001:C0HEALTH001';
const billing = 'T0ACMECS001:C0BILLING01';

let first: TestApp;
/** The encrypted webhook URL of the channel's first connection. */
let outdated: string | undefined;
beforeEach(async () => {
  first = await startTestApp({ shared: true, paceMs: shortPaceMs, slack: { enforceRate: false } });
  await first.seedChannel('#customer-health', 'acct_unlucky');
  outdated = (await channels().findOne({ _id: health }))?.webhookUrl;
  await first.seedChannel('#customer-health', 'acct_unlucky');
  await first.seedChannel('#billing-alerts', 'acct_demo');
});
afterEach(() => first.close());

const channels = () => first.db.collection<{ _id: string; webhookUrl: string }>('channels');

/** @returns a function that restores the webhook URL */
async function corruptWebhook(id: string, webhookUrl: string): Promise<() => Promise<unknown>> {
  const before = await channels().findOneAndUpdate({ _id: id }, { $set: { webhookUrl } });
  return () => channels().updateOne({ _id: id }, { $set: { webhookUrl: before?.webhookUrl ?? '' } });
}

const eventFor = (name: string, accountId: string) => ({ ...eventOf(name), account_id: accountId });

/** Leaves one pending alert for each account, as a process that ended does. */
async function leavePendingAlerts(): Promise<void> {
  first.slack.failWebhook('*', { status: 429, retryAfter: 1 });
  await first.perly.post({ events: [eventFor('Unlucky', 'acct_unlucky'), eventFor('Acme', 'acct_demo')] });
  const asked = () => first.slack.webhookCalls.flatMap((call) => (call.status === 429 ? call.channelId : []));
  await expect.poll(() => new Set(asked()).size).toBe(2);
  await first.app.stop();
  first.slack.clearFaults();
}

describe('a webhook URL that cannot be decrypted', () => {
  test.each([
    [
      'was encrypted with a missing key',
      () => createKeyring([randomBytes(32)]).encrypt('x', `channel ${health}`),
    ],
    [
      'is the ciphertext of another channel',
      async () => (await channels().findOne({ _id: billing }))?.webhookUrl,
    ],
    ['is the ciphertext of an earlier connection', () => outdated],
  ])('because it %s, keeps its own alerts waiting, and nobody else’s', async (_why, encrypted) => {
    await leavePendingAlerts();
    const restore = await corruptWebhook(health, String(await encrypted()));
    const second = await startTestApp({ beside: first });
    try {
      await first.slack.waitForMessages(() => customersIn(first.slack, '#billing-alerts').includes('Acme'));
      await expect
        .poll(() => second.logs.join(''))
        .toMatch(/"channelId":"T0ACMECS001:C0HEALTH001".*the webhook URL of a channel cannot be decrypted/);
      expect(customersIn(first.slack)).toEqual([]);
      expect(await first.db.collection('deliveries').findOne({ channelId: health })).toMatchObject({
        state: 'pending',
        attempts: 0,
      });
      // The lease is free, so the channel is served as soon as the URL can be read.
      await expect.poll(() => first.db.collection('leases').countDocuments({ _id: health as never })).toBe(0);

      await restore();
      expect((await second.perly.post(eventFor('Next', 'acct_unlucky'))).status).toBe(202);
      await first.slack.waitForMessages(() => customersIn(first.slack).includes('Next'));
      expect(customersIn(first.slack)).toEqual(['Unlucky', 'Next']);
    } finally {
      await second.close();
    }
  });

  test('is shown as trouble in Home and to Perly, until the channel is reconnected', async () => {
    await corruptWebhook(health, 'v1.00000000.AAAA');
    const dana = createHomeDriver(() => first, 'dana');
    const home = await dana.open('webhook cannot be read');
    expect(home).toContain('Reconnect');
    const read = async () => {
      const { body } = await first.perly.api('acct_unlucky')('get', `/perly/channels/${health}`);
      const list = await first.perly.api('acct_unlucky')('get', '/perly/channels');
      expect(JSON.stringify(list.body)).toContain(JSON.stringify(body));
      return body;
    };
    expect(await read()).toMatchObject({ status: 'active', trouble: expect.stringContaining('Reconnect') });
    expect(home).not.toContain('v1.');

    const test = await first.perly.api('acct_unlucky')('post', `/perly/channels/${health}/test-alert`);
    expect(test).toMatchObject({
      status: 200,
      body: { result: 'failed', reason: expect.stringContaining('Reconnect') },
    });

    await first.connect('#customer-health', 'acct_unlucky');
    expect(await read()).toMatchObject({ status: 'active', trouble: null });
    expect(await dana.open('Active')).not.toContain('cannot be read');
  });
});
