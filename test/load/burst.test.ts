import { afterEach, beforeEach, expect, test } from 'vitest';
import { slackPaceMs } from '../../src/delivery/retry-schedule.ts';
import { customersIn, eventOf } from '../support/named-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
beforeEach(async () => {
  running = await startTestApp({ paceMs: slackPaceMs, slack: { burst: 1 } });
  await running.connect('#customer-health', 'acct_demo');
});
afterEach(() => running.close());

test('600 alerts at once: no 429, each once, in order', async () => {
  const events = Array.from({ length: 600 }, (_, index) => eventOf(`Customer${index}`));
  expect((await running.perly.post({ events })).status).toBe(202);
  await running.slack.waitForMessages(() => customersIn(running.slack).length >= 600);
  expect(customersIn(running.slack)).toEqual(events.map(({ customer }) => customer.name));
  expect(running.slack.webhookCalls.filter(({ status }) => status === 429)).toEqual([]);
  expect(running.slack.refusals).toEqual([]);
});
