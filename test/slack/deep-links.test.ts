import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import { toProblemText } from '../../src/slack/pages/problems.ts';
import { createSlackUrls } from '../../src/slack/slack-urls.ts';
import { openBrowser } from '../support/browser.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import { beginInBrowser, connectInBrowser, readPage, returnFromPerly } from '../support/linking.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';
import { everyPage, problemKinds } from './pages/every-page.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs });
});
beforeEach(() => emptyDatabase(running.db));
afterAll(() => running.close());

/** Follows the links with this label. @returns the pages that Slack opens */
async function open(links: readonly { label: string; url: string }[], label: string): Promise<string[]> {
  const urls = links.filter((link) => link.label === label).map(({ url }) => url);
  return Promise.all(urls.map(async (url) => (await readPage(await fetch(url))).text.trim()));
}

function linksOf(html: string) {
  const links = html.matchAll(/<a class="button" href="([^"]*)">([^<]*)<\/a>/g);
  return [...links].map(([, url = '', label = '']) => ({ url: url.replaceAll('&amp;', '&'), label }));
}

const lastMessage = () => renderMessage(running.slack.messages('#customer-health').at(-1)?.payload);
const linksOfMessage = () => lastMessage().flatMap(({ links }) => links);

const home = 'Opening Perly’s Home in Acme CS in Slack';

test.each([
  ['https://slack.com/oauth/v2/authorize', 'https://slack.com'],
  ['https://slack-gov.com/oauth/v2/authorize', 'https://slack-gov.com'],
  ['http://127.0.0.1:4000/oauth/v2/authorize', 'http://127.0.0.1:4000'],
])('links of an app that is installed from %s are on %s, as Slack documents them', (authorizeUrl, origin) => {
  const urls = createSlackUrls(authorizeUrl);
  expect(urls.home('A1', 'T1')).toBe(`${origin}/app_redirect?app=A1&team=T1`);
  expect(urls.home('A1')).toBe(`${origin}/app_redirect?app=A1`);
  expect(urls.channel('T1', 'C1')).toBe(`${origin}/app_redirect?team=T1&channel=C1`);
});

test.each([
  ['https://slack.com/services/B1', true],
  ['https://acme-cs.slack.com/services/B1', true],
  ['https://acme-cs.enterprise.slack.com/services/B1', true],
  ['http://acme-cs.slack.com/services/B1', false],
  ['https://acme-cs.slack.com:8443/services/B1', false],
  ['https://acme-cs.slack.com.evil.example/services/B1', false],
  ['https://evilslack.com/services/B1', false],
  ['https://u:p@acme-cs.slack.com/services/B1', false],
  ['https://slack.com@evil.example/', false],
  ['blob:https://slack.com/x', false],
  ['javascript:alert(1)', false],
  ['/services/B1', false],
  [undefined, false],
])('%j is a page of Slack’s own: %j', (url, expected) => {
  const urls = createSlackUrls('https://slack.com/oauth/v2/authorize');
  expect(urls.toOwnPage(url)).toBe(expected ? url : undefined);
});

describe('a button opens the App Home', () => {
  test('on the page after Allow, which also links to the channel, and in the first message', async () => {
    const page = await readPage(await running.connect('#customer-health', 'acct_demo'));
    expect(await open(linksOf(page.html), 'Open Perly in Slack')).toEqual([home]);
    expect(await open(linksOf(page.html), 'Open the channel in Slack')).toEqual([
      'Opening #customer-health in Acme CS in Slack',
    ]);
    expect(await open(linksOfMessage(), 'Change the rules')).toEqual([home]);
  });

  test('while the channel waits for an account, once it has one, and after it lost it', async () => {
    const browser = openBrowser();
    const page = await connectInBrowser(running, browser);
    expect(await open(linksOf(page.html), 'Open Perly in Slack')).toEqual([home]);
    expect(await open(linksOfMessage(), 'Link Perly account')).toEqual([home]);

    const state = await beginInBrowser(browser, page);
    const linked = await returnFromPerly(running, browser, { state, accountId: 'acct_demo' });
    expect(await open(linksOf(linked.html), 'Open Perly in Slack')).toEqual([home]);
    expect(lastMessage().flatMap(({ lines }) => lines)).toContainEqual(
      expect.stringContaining('Alerts are on'),
    );
    expect(await open(linksOfMessage(), 'Change the rules')).toEqual([home]);
    const { slack } = running;
    const clicked = await slack.click({
      user: 'dana',
      on: slack.messages('#customer-health').at(-1)?.ts ?? '',
      actionId: 'link_home',
    });
    expect(clicked.status).toBe(200);
  });

  test('on an error page', async () => {
    await running.connect('#customer-health', 'acct_demo');
    const page = await readPage(await fetch(`${running.url}/slack/install?link=old`));
    expect(page.text).toContain('This link from Slack is no longer valid');
    expect(await open(linksOf(page.html), 'Open Perly in Slack')).toEqual([home]);
    const refused = await readPage(await running.connect('#customer-health', 'acct_rival'));
    expect(await open(linksOf(refused.html), 'Open Perly in Slack')).toEqual([home]);
  });

  test('but not before the app’s id is known', async () => {
    const page = await readPage(await fetch(`${running.url}/slack/install?link=old`));
    expect(linksOf(page.html).map(({ label }) => label)).toEqual(['Back to Perly']);
  });
});

test('each problem whose text names Home has the button', () => {
  const named = problemKinds.filter((kind) => /Home|Open Perly in Slack/.test(toProblemText(kind).text));
  expect(named.length).toBeGreaterThan(5);
  for (const kind of named)
    expect([kind, toProblemText(kind).next]).toEqual([kind, expect.arrayContaining(['home'])]);
});

test('no page tells anybody to look for the app', () => {
  for (const [, { html }] of everyPage()) expect(html).not.toMatch(/sidebar|under Apps/);
});
