import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Browser, openBrowser } from '../../support/browser.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { createHomeDriver } from '../../support/home-driver.ts';
import {
  beginInBrowser,
  connectInBrowser,
  followToPerly,
  linkInHome,
  type PageText,
  readPage,
} from '../../support/linking.ts';
import { onWrite } from '../../support/on-write.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';

const team = 'T0ACMECS001';

let running: TestApp;
let browser: Browser;
let page: PageText;
beforeAll(async () => {
  running = await startTestApp({ shared: true, paceMs: shortPaceMs, slack: { enforceRate: false } });
});
beforeEach(async () => {
  await emptyDatabase(running.db);
  browser = openBrowser();
  page = await connectInBrowser(running, browser);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => running.close());

const danasHome = createHomeDriver(() => running, 'dana');

/** Perly's return URL, with a new token each time. */
async function returnUrl(state: string, accountId = 'acct_a'): Promise<string> {
  return `${running.url}/perly/link?token=${await running.perly.connectToken(accountId, { state })}`;
}

const open = async (url: string) => readPage(await browser.get(url));
const served = () => running.db.collection('channels').countDocuments({ accountId: 'acct_a' });

/** The process dies before its next write of this kind. */
function die(...write: Parameters<typeof onWrite> extends [...infer Rest, unknown] ? Rest : never): void {
  onWrite(...write, async () => {
    throw new Error('The process is dead.');
  });
}

describe('a page after Perly whose process dies before the account is linked', () => {
  test('links when it is reloaded, and says so from then on', async () => {
    const url = await returnUrl(await beginInBrowser(browser, page));
    die('channels', 'findOneAndUpdate');
    expect((await open(url)).status).toBe(500);
    vi.restoreAllMocks();
    expect(await served()).toBe(0);
    expect(await open(url)).toMatchObject({ status: 200, text: expect.stringContaining('You are all set') });
    expect(await served()).toBe(1);
    expect(await open(url)).toMatchObject({ status: 200, text: expect.stringContaining('already linked') });
  });

  test('leaves its state to its account only, and its token to linking', async () => {
    const state = await beginInBrowser(browser, page);
    const token = await running.perly.connectToken('acct_a', { state });
    die('channels', 'findOneAndUpdate');
    await open(`${running.url}/perly/link?token=${token}`);
    vi.restoreAllMocks();
    expect((await open(await returnUrl(state, 'acct_b'))).text).toContain('was already used');
    const install = `${running.url}/slack/install?token=${token}`;
    expect((await running.slack.install(install, { channel: '#billing-alerts' })).status).toBe(403);
    expect(await running.db.collection('channels').countDocuments({ accountId: null })).toBe(1);
    expect((await open(await returnUrl(state))).text).toContain('You are all set');
    expect(await served()).toBe(1);
  });

  test('does not link again what was unlinked afterwards', async () => {
    const url = await returnUrl(await beginInBrowser(browser, page));
    expect((await open(url)).status).toBe(200);
    expect((await running.perly.api('acct_a')('delete', `/perly/links/${team}`)).status).toBe(204);
    expect((await open(url)).text).toContain('was already used');
    expect(await served()).toBe(0);
  });

  test.each(['is unlinked', 'unlinks it, and dies, too'])(
    'and whose workspace %s afterwards does not link again',
    async (how) => {
      const url = await returnUrl(await beginInBrowser(browser, page));
      die('usedTokens', 'updateOne');
      expect((await open(url)).status).toBe(500);
      vi.restoreAllMocks();
      expect(await served()).toBe(1);
      if (how !== 'is unlinked') die('channels', 'findOneAndUpdate');
      const answer = await running.perly.api('acct_a')('delete', `/perly/links/${team}`);
      expect(answer.status).toBe(how === 'is unlinked' ? 204 : 500);
      vi.restoreAllMocks();
      expect((await open(url)).text).toContain('was already used');
      if (how !== 'is unlinked') {
        const next = await startTestApp({ beside: running });
        await next.close();
      }
      expect(await served()).toBe(0);
    },
  );

  test('does not link the workspace once the app was removed and is back', async () => {
    const url = await returnUrl(await beginInBrowser(browser, page));
    die('channels', 'findOneAndUpdate');
    expect((await open(url)).status).toBe(500);
    vi.restoreAllMocks();
    await running.slack.uninstall(team);
    await expect.poll(() => running.db.collection('installations').countDocuments()).toBe(0);
    await connectInBrowser(running, browser);
    expect((await open(url)).text).toContain('was already used');
    expect(await served()).toBe(0);
  });

  test('asks in Slack when it is reloaded', async () => {
    const url = await returnUrl(await followToPerly(browser, await linkInHome(running, 'dana')));
    die('linkConfirmations', 'replaceOne');
    expect((await open(url)).status).toBe(500);
    vi.restoreAllMocks();
    expect((await open(url)).text).toContain('Now confirm in Slack');
    expect(await running.db.collection('linkConfirmations').countDocuments()).toBe(1);
  });
});

describe('a confirmation', () => {
  beforeEach(async () => {
    await open(await returnUrl(await followToPerly(browser, await linkInHome(running, 'dana'))));
    await danasHome.open('Link this workspace');
  });

  test('whose process dies before the account is linked can be given again', async () => {
    die('channels', 'findOneAndUpdate');
    await danasHome.press('home_confirm_link', 'That did not work');
    vi.restoreAllMocks();
    await running.slack.closeView('dana', { all: true });
    expect(await served()).toBe(0);
    await danasHome.open('Link this workspace');
    await danasHome.press('home_confirm_link', 'Linked to acct_a');
    expect(await served()).toBe(1);
    expect(await running.db.collection('linkConfirmations').countDocuments()).toBe(0);
    await running.slack.closeView('dana', { all: true });
  });

  test('is not asked if the account unlinks the workspace meanwhile', async () => {
    // Her Home still shows the button.
    running.slack.failApi('views.publish', { hang: 'before' });
    await running.perly.api('acct_a')('delete', `/perly/links/${team}`);
    await danasHome.press('home_confirm_link', 'no longer valid');
    running.slack.clearFaults();
    expect(await served()).toBe(0);
    await running.slack.closeView('dana', { all: true });
  });
});
