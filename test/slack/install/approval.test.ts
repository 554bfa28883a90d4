import { afterEach, beforeEach, expect, test } from 'vitest';
import { requestApproval } from '../../../sandbox/slack/browser.ts';
import { readPage } from '../../support/linking.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';
import { begin } from './begin.ts';

let running: TestApp;
beforeEach(async () => {
  running = await startTestApp();
  running.slack.requireApproval();
});
afterEach(() => running.close());

const channels = () => running.db.collection('channels').countDocuments();

test('if apps need approval, Slack keeps the browser, and the same install works after the approval', async () => {
  const { authorizeUrl, cookie } = await begin(await running.perly.installUrl('acct_demo'));
  expect(await requestApproval(authorizeUrl)).toContain('Your request to install Perly was sent');
  expect(running.slack.model.approvalRequests).toEqual([{ teamId: 'T0ACMECS001', userId: 'U0DANA00001' }]);
  await expect(running.slack.approve(authorizeUrl, { channel: '#customer-health' })).resolves.toContain(
    'error=access_denied',
  );
  expect(await channels()).toBe(0);

  running.slack.approveApp();
  const back = await running.slack.approve(authorizeUrl, { channel: '#customer-health' });
  const page = await readPage(await fetch(back, { headers: { cookie } }));
  expect(page.text).toMatch(/Alerts are active in\s+#customer-health/);
});

test('a page says what to do when Slack sends the browser back without approval', async () => {
  const page = await readPage(await running.slack.install(`${running.url}/slack/install`, 'cancel'));
  expect(page.status).toBe(200);
  expect(page.text).toContain('Slack did not approve it');
  expect(page.text).toContain('ask an administrator for approval with Request to install in Slack');
  expect(page.html).toContain(`href="${running.url}/slack/install"`);
  expect(await channels()).toBe(0);
  expect(running.logs.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test('a person who cancels is not told about administrators', async () => {
  running.slack.approveApp();
  const page = await readPage(await running.slack.install(`${running.url}/slack/install`, 'cancel'));
  expect(page.text).toContain('You cancelled in Slack, so nothing has changed');
});

test('a workspace that has the app adds channels without another approval', async () => {
  running.slack.approveApp();
  await running.connect('#billing-alerts', 'acct_demo');
  running.slack.requireApproval();
  const page = await readPage(await running.connect('#customer-health', 'acct_demo'));
  expect(page.text).toContain('Alerts are active');
});
