import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../support/browser.ts';
import { createHomeDriver } from '../../support/home-driver.ts';
import {
  beginInBrowser,
  connectInBrowser,
  followToPerly,
  linkInHome,
  returnFromPerly,
} from '../../support/linking.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs, slack: { enforceRate: false } });
});
afterAll(() => running.close());

const danasHome = createHomeDriver(() => running, 'dana');
const claims = { name: 'Acme' };

test('accounts of the same name are distinguished by their ids, in Home and on pages', async () => {
  const first = await running.perly.installUrl('acct_1', claims);
  const alone = await running.slack.install(first, { channel: '#customer-health' });
  expect(await alone.text()).not.toContain('acct_1');

  const browser = openBrowser();
  const state = await beginInBrowser(
    browser,
    await connectInBrowser(running, browser, { channel: '#billing-alerts' }),
  );
  const linked = await returnFromPerly(running, browser, { state, accountId: 'acct_2', claims });
  expect(linked.text).toContain('Acme (acct_2)');
  expect(JSON.stringify(running.slack.messages('#billing-alerts').at(-1)?.payload)).toContain(
    'Acme (acct_2)',
  );

  const again = await running.perly.installUrl('acct_1', claims);
  const page = await running.slack.install(again, { channel: '#cs-escalations' });
  expect(await page.text()).toContain('Acme (acct_1)');

  await connectInBrowser(running, browser, { channel: '#revenue-signals' });
  const begun = await followToPerly(openBrowser(), await linkInHome(running, 'dana'));
  const asked = await returnFromPerly(running, openBrowser(), { state: begun, accountId: 'acct_3', claims });
  expect(asked.text).toContain('Acme (acct_3)');
  const home = await danasHome.open('Link this workspace to the Perly account of Acme (acct_3)?');
  for (const id of ['acct_1', 'acct_2']) expect(home).toContain(`Acme (${id})`);
  await danasHome.press('home_add_channel', 'Acme (acct_2)');
  expect(danasHome.modalText()).toContain('Acme (acct_1)');
  await running.slack.closeView('dana', { all: true });
});

test('a workspace is told by its id, too, on pages of an account that is linked to another one of its name', async () => {
  const links = running.db.collection('links');
  const browser = openBrowser();
  async function linkedPage(accountId: string) {
    const page = await connectInBrowser(running, browser, { channel: '#general' });
    const state = await beginInBrowser(browser, page);
    const linked = await returnFromPerly(running, browser, { state, accountId });
    expect(linked.status).toBe(200);
    await running.db.collection('channels').deleteMany({ slackChannelId: 'C0GENERAL01' });
    return linked;
  }
  const teamName = (await links.findOne())?.teamName;
  expect((await linkedPage('acct_4')).text).not.toContain('T0ACMECS001');
  const named = { _id: 'other' as never, teamId: 'T0OTHER', accountId: 'acct_5', accountName: null };
  await links.insertOne({ ...named, teamName, linkedBy: 'U1', linkedAt: new Date() });
  expect((await linkedPage('acct_5')).text).toContain(`${teamName} (T0ACMECS001)`);
});
