import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderLines } from '../../../sandbox/slack/render/render-message.ts';
import { openBrowser } from '../../support/browser.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { sampleEvent } from '../../support/sample-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';
import { begin } from './begin.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs });
});
let messagesBefore: number;
beforeEach(async () => {
  await emptyDatabase(running.db);
  messagesBefore = running.slack.messages('#customer-health').length;
});
afterAll(() => running.close());

/** In #customer-health, since the test began. */
const messages = () => running.slack.messages('#customer-health').slice(messagesBefore);
const waitForMessages = (count: number) =>
  running.slack.waitForMessages(messagesBefore + count, undefined, '#customer-health');

const channels = () => running.db.collection('channels');
const channel = (slackChannelId: string) => channels().findOne({ slackChannelId });

describe('GET /slack/install', () => {
  test('without a token redirects to Slack at once, requesting one scope', async () => {
    const { authorizeUrl } = await begin(`${running.url}/slack/install`);
    const url = new URL(authorizeUrl);
    expect(url.origin + url.pathname).toBe(running.slack.authorizeUrl);
    expect(url.searchParams.get('scope')).toBe('incoming-webhook');
    expect(url.searchParams.get('redirect_uri')).toBe(`${running.url}/slack/oauth_redirect`);
  });

  test('with a token names its account first, and continues to Slack, in this browser only', async () => {
    const browser = openBrowser();
    const url = await running.perly.installUrl('acct_demo', { name: 'Acme <b>& Sons</b>' });
    const answer = await browser.get(url);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(html).toContain('Connect Slack to <bdi>Acme &lt;b&gt;&amp; Sons&lt;/b&gt;</bdi>');
    expect(html).toContain('<dt>Account id</dt><dd><bdi>acct_demo</bdi>');
    expect(html).toContain('Continue to Slack');
    expect(browser.cookies()).toHaveLength(1);
    for (const claims of [{}, { name: 'ㅤ' }, { name: '\uFE0F\u2800' }]) {
      const nameless = await openBrowser().get(await running.perly.installUrl('acct_nameless', claims));
      const page = await nameless.text();
      expect(page).toContain('<dt>Perly account</dt><dd><bdi>acct_nameless</bdi>');
      expect(page).not.toContain('Account id');
    }
  });

  test('keeps an account in its own state only', async () => {
    const [ours, theirs, none] = await Promise.all([
      begin(await running.perly.installUrl('acct_one')),
      begin(await running.perly.installUrl('acct_two')),
      begin(`${running.url}/slack/install`),
    ]);
    for (const [{ authorizeUrl, cookie }, name] of [
      [none, 'revenue-signals'],
      [theirs, 'billing-alerts'],
      [ours, 'customer-health'],
    ] as const) {
      const back = await running.slack.approve(authorizeUrl, { channel: name });
      expect((await fetch(back, { headers: { cookie } })).status).toBe(200);
    }
    expect(await channel('C0HEALTH001')).toMatchObject({ accountId: 'acct_one' });
    expect(await channel('C0BILLING01')).toMatchObject({ accountId: 'acct_two' });
    expect(await channel('C0REVENUE01')).toMatchObject({ accountId: null });
  });

  test.each(['a b', 'é', '[]', 'x'.repeat(200)])(
    'leads to Slack whatever cookies the browser has, such as perly-install-%s',
    async (end) => {
      const cookies = Array.from({ length: 6 }, (_, index) => `perly-install-${end}${index}=x`);
      const answer = await request(running.url).get('/slack/install').set('cookie', cookies.join('; '));
      expect(answer.status).toBe(302);
      expect(answer.get('set-cookie')).toHaveLength(1);
    },
  );

  test.each([
    ['a word', async () => 'word'],
    ['an empty one', async () => ''],
    ['an old one', () => running.perly.connectToken('acct_demo', {}, -60)],
  ])('with a token that is %s: a page that links back to Perly', async (_, token) => {
    const answer = await request(running.url)
      .get('/slack/install')
      .query({ token: await token() });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('This link from Perly is no longer valid');
    expect(answer.text).toContain('https://app.perly.ai/settings/notifications/slack');
  });
});

describe('after Allow', () => {
  test('the channel is connected with the default rules, gets its first message, and the page says so', async () => {
    const installUrl = await running.perly.installUrl('acct_demo', {
      return_url: 'https://app.perly.ai/settings/notifications?done=slack',
      name: 'Acme & Sons',
    });
    const page = await running.slack.install(installUrl, { channel: '#customer-health', user: 'Milo Park' });
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toMatch(/Alerts are active in .*#customer-health/);
    expect(html).toContain('https://app.perly.ai/settings/notifications?done=slack');
    expect(html).toContain(`${running.slack.url}/app_redirect?team=T0ACMECS001&amp;channel=C0HEALTH001`);
    expect(html).toContain('<bdi>Acme &amp; Sons</bdi>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");

    expect(await channel('C0HEALTH001')).toMatchObject({
      _id: 'T0ACMECS001:C0HEALTH001',
      accountId: 'acct_demo',
      name: '#customer-health',
      status: 'active',
      connectedBy: 'U0MILO00002',
      managers: ['U0MILO00002'],
      rules: {
        eventTypes: [
          'customer_at_risk',
          'expansion_signal',
          'health_score_drop',
          'upsell_opportunity',
          'billing_retry_failed',
        ],
        riskThreshold: 'low',
        scoreDeltaMinimum: 0,
        timing: 'at_once',
      },
    });
    const [welcome] = messages();
    expect(renderLines(welcome?.payload).join('\n')).toMatch(
      /connected this channel to Perly. Alerts are on\.\nPerly account: Acme & Sons/,
    );
  });

  test.each([
    'https://evil.example/settings',
    'https://app.perly.ai.evil.example/',
    'https://app.perly.ai@evil.example/',
    '//evil.example',
    'https://evil.example@app.perly.ai/settings',
    'https://evil.example:x@app.perly.ai/settings',
    'blob:https://app.perly.ai/evil.example',
    'javascript:alert("evil.example")',
    ['https://evil.example'],
    `https://app.perly.ai/evil.example/${'é'.repeat(400)}`,
  ])(
    'a return URL to %s, which is too long or not on Perly’s origin, is replaced by the one of Perly',
    async (returnUrl) => {
      const installUrl = await running.perly.installUrl('acct_demo', { return_url: returnUrl });
      const html = await (await running.slack.install(installUrl, { channel: '#customer-health' })).text();
      expect(html).toContain('Alerts are active');
      expect(html).toContain('href="https://app.perly.ai/"');
      expect(html).not.toContain('evil.example');
    },
  );

  test('neither the token nor the webhook URL is in the database or the log', async () => {
    await running.connect('#customer-health', 'acct_demo');
    await running.perly.post(sampleEvent('seed-example'));
    await waitForMessages(2);
    const installation = running.slack.installations.at(-1);
    const webhook = running.slack.webhooks.at(-1);
    const collections = await running.db.collections();
    const documents = await Promise.all(collections.map((collection) => collection.find().toArray()));
    const everything = JSON.stringify(documents) + running.logs.join('');
    expect(installation?.botToken).toMatch(/^xoxb-/);
    for (const secret of [installation?.botToken, webhook?.token, running.slack.clientSecret])
      expect(everything).not.toContain(secret);
  });

  test('the same channel again replaces the webhook and keeps the rules', async () => {
    await running.connect('#customer-health', 'acct_demo');
    await channels().updateOne({}, { $set: { 'rules.riskThreshold': 'high' } });
    const page = await running.connect('#customer-health', 'acct_demo');
    expect(await page.text()).toContain('Reconnected');
    expect(await channels().countDocuments()).toBe(1);
    expect(await channel('C0HEALTH001')).toMatchObject({ rules: { riskThreshold: 'high' } });

    await running.perly.post(sampleEvent('seed-example'));
    await waitForMessages(3);
    const [old, fresh] = running.slack.webhooks.slice(-2);
    const used = running.slack.webhookCalls.at(-1);
    expect(fresh?.id).not.toBe(old?.id);
    expect(used).toMatchObject({ webhookId: fresh?.id });
  });

  test('a second channel leaves the first unchanged', async () => {
    await running.connect('#customer-health', 'acct_demo');
    await running.connect('#billing-alerts', 'acct_demo');
    expect(await channels().countDocuments({ accountId: 'acct_demo', status: 'active' })).toBe(2);
    expect(await running.db.collection('installations').countDocuments()).toBe(1);
  });

  test('a channel without an account waits, and gets the account of the next install', async () => {
    const page = await running.connect('#customer-health');
    expect(await page.text()).toContain('waiting for Perly');
    await running.perly.post(sampleEvent('seed-example'));
    expect(messages()).toHaveLength(1);

    await running.connect('#customer-health', 'acct_demo');
    expect(await channel('C0HEALTH001')).toMatchObject({ accountId: 'acct_demo' });
  });

  test('a channel with an account keeps it when the App Directory connects it again', async () => {
    await running.connect('#customer-health', 'acct_demo');
    const page = await running.connect('#customer-health');
    expect(await page.text()).toContain('Reconnected');
    expect(await channel('C0HEALTH001')).toMatchObject({ accountId: 'acct_demo' });
  });

  test('a channel of another account is refused and stays unchanged', async () => {
    await running.connect('#customer-health', 'acct_demo');
    const kept = { accountId: 'acct_demo', name: '#customer-health', status: 'active' };
    const before = await channel('C0HEALTH001');
    const page = await running.connect('#customer-health', 'acct_rival');
    expect(page.status).toBe(409);
    expect(await page.text()).toContain('This channel serves another Perly account');
    expect(await channel('C0HEALTH001')).toMatchObject({ ...kept, webhookUrl: before?.webhookUrl });
  });

  test('two browsers connecting a new channel at once connect it once', async () => {
    const pages = await Promise.all([
      running.connect('#customer-health', 'acct_demo'),
      running.connect('#customer-health', 'acct_demo'),
    ]);
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    expect(await channels().countDocuments()).toBe(1);
  });

  test.each([
    [{ error: 'rollup_error' }],
    [{ status: 200, body: '{"ok":false,"error":"internal_error"}' }],
    [{ status: 200, body: '<html></html>', type: 'html' }],
  ])(
    'a first message that Slack does not confirm with ok (%j) is harmless, and does not count as posted',
    async (fault) => {
      running.slack.failWebhook('#customer-health', fault, 1);
      const page = await running.connect('#customer-health', 'acct_demo');
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('Slack has not confirmed it');
      await running.perly.post(sampleEvent('seed-example'));
      await waitForMessages(1);
    },
  );

  test('a first message that Slack refuses breaks the channel, and what comes is sent after connecting again', async () => {
    const gone = { status: 200, body: '{"ok":false,"error":"channel_not_found"}' };
    running.slack.failWebhook('#customer-health', gone, 1);
    const page = await running.connect('#customer-health', 'acct_demo');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Slack takes no alerts in #customer-health');
    await running.perly.post(sampleEvent('seed-example'));
    expect(await channel('C0HEALTH001')).toMatchObject({ status: 'broken' });
    await running.connect('#customer-health', 'acct_demo');
    await waitForMessages(2);
  });
});
