import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventOf } from '../support/named-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let first: TestApp;
let second: TestApp;
beforeEach(async () => {
  // A Slack that takes not one message more than one a second.
  first = await startTestApp({ slack: { burst: 1 } });
  await first.connect('#customer-health', 'acct_demo');
  second = await startTestApp({ beside: first });
});
afterEach(async () => {
  await second.close();
  await first.close();
});

const testAlert = async ({ perly }: TestApp) =>
  (await perly.api('acct_demo')('post', '/perly/channels/T0ACMECS001:C0HEALTH001/test-alert')).body.result;

test('test alerts asked of two processes at once keep the pace of the channel, and so do its alerts', async () => {
  const asked = Array.from({ length: 40 }, (_, index) => testAlert(index % 2 === 0 ? first : second));
  await first.perly.post(eventOf('Acme'));
  const results = await Promise.all(asked);
  const sent = results.filter((result) => result === 'sent').length;
  expect(sent).toBeGreaterThan(0);
  expect(results.filter((result) => result === 'busy')).toHaveLength(40 - sent);
  // Besides them the channel's first message and the alert.
  await first.slack.waitForMessages(2 + sent);
  expect(first.slack.webhookCalls.filter(({ status }) => status !== 200)).toEqual([]);
  await expect.poll(() => testAlert(second)).toBe('sent');
});
