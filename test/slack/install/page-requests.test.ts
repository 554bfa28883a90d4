import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../../support/browser.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { connectInBrowser, followToPerly, linkInHome, readPage } from '../../support/linking.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';
import { begin } from './begin.ts';

const dana = 'U0DANA00001';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
});
beforeEach(() => emptyDatabase(running.db));
afterAll(() => running.close());

/** A URL that works once, the cookies to open it with, and the text that shows its effect. */
type Once = { url: string; cookie?: string; outcome: string };

const once: Record<string, () => Promise<Once>> = {
  'an install with a token': async () => ({
    url: await running.perly.installUrl('acct_demo'),
    outcome: 'Continue to Slack',
  }),
  'the way back from Slack': async () => {
    const { authorizeUrl, cookie } = await begin(await running.perly.installUrl('acct_demo'));
    const url = await running.slack.approve(authorizeUrl, { channel: '#customer-health' });
    return { url, cookie, outcome: 'Alerts are active' };
  },
  'a link to Perly': async () => {
    await connectInBrowser(running, openBrowser());
    return { url: await linkInHome(running, dana), outcome: '' };
  },
  'the way back from Perly': async () => {
    await connectInBrowser(running, openBrowser());
    const state = await followToPerly(openBrowser(), await linkInHome(running, dana));
    const token = await running.perly.connectToken('acct_demo', { state });
    return { url: `${running.url}/perly/link?token=${token}`, outcome: 'Now confirm in Slack' };
  },
};

const everything = async () => ({
  channels: await running.db.collection('channels').find().toArray(),
  links: await running.db.collection('links').find().toArray(),
  confirmations: await running.db.collection('linkConfirmations').find().toArray(),
  used: await running.db.collection('usedTokens').find().toArray(),
});

test.each(Object.entries(once))('%s does nothing unless it is opened', async (_name, prepare) => {
  const { url, cookie, outcome } = await prepare();
  const ask = (method = 'GET', headers = {}) =>
    fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...(cookie !== undefined && { cookie }), ...headers },
    });
  const before = await everything();

  for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const refused = await ask(method);
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('GET');
    expect(refused.headers.getSetCookie()).toEqual([]);
  }
  for (const headers of [
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'x-moz': 'prefetch' },
  ]) {
    const refused = await ask('GET', headers);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(refused.headers.getSetCookie()).toEqual([]);
  }
  expect(await everything()).toEqual(before);

  const page = await ask();
  expect(page.status).toBeLessThan(400);
  expect((await readPage(page)).text).toContain(outcome);
});
