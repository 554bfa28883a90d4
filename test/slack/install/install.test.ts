import { createHash } from 'node:crypto';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renderLines } from '../../../sandbox/slack/render/render-message.ts';
import { createStateStore } from '../../../src/slack/install/state-store.ts';
import { createUsedTokenStore } from '../../../src/store/used-tokens.ts';
import { sampleEvent } from '../../support/sample-events.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
beforeEach(async () => {
  running = await startTestApp();
});
afterEach(() => running.close());

const channels = () => running.db.collection('channels');
const channel = (slackChannelId: string) => channels().findOne({ slackChannelId });

/** The state cookie and the consent page's address, as a browser has them after `/slack/install`. */
async function begin(installUrl: string) {
  const answer = await fetch(installUrl, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  const [setCookie = ''] = answer.headers.getSetCookie();
  expect(setCookie).toMatch(/^perly-install-\S+; Max-Age=600; Path=\/; .*HttpOnly; SameSite=Lax$/);
  const authorizeUrl = answer.headers.get('location') ?? '';
  const state = new URL(authorizeUrl).searchParams.get('state') ?? '';
  return { authorizeUrl, state, cookie: setCookie.split(';')[0] ?? '' };
}

/** The cookie of a browser that began with a state. */
function cookieOf(state: string): string {
  const digest = createHash('sha256').update(state).digest('base64url');
  return `perly-install-${digest.slice(0, 12)}=${digest.slice(12)}`;
}

describe('GET /slack/install', () => {
  test('without a token leads to Slack at once, asking for one scope', async () => {
    const { authorizeUrl } = await begin(`${running.url}/slack/install`);
    const url = new URL(authorizeUrl);
    expect(url.origin + url.pathname).toBe(running.slack.authorizeUrl);
    expect(url.searchParams.get('scope')).toBe('incoming-webhook');
    expect(url.searchParams.get('redirect_uri')).toBe(`${running.url}/slack/oauth_redirect`);
  });

  test("carries an account in its own state and nobody else's", async () => {
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

  test.each([
    ['a word', async () => 'word'],
    ['an empty one', async () => ''],
    ['an old one', () => running.perly.token('acct_demo', {}, -60)],
  ])('with a token that is %s: a page that leads back to Perly', async (_, token) => {
    const answer = await request(running.url)
      .get('/slack/install')
      .query({ token: await token() });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('This link from Perly is no longer valid');
    expect(answer.text).toContain('https://app.perly.ai/settings/notifications/slack');
  });
});

describe('after Allow', () => {
  test('the channel is connected with the default rules, greeted, and its page says so', async () => {
    const installUrl = await running.perly.installUrl('acct_demo', {
      return_url: 'https://app.perly.ai/settings/notifications?done=slack',
    });
    const page = await running.slack.install(installUrl, { channel: '#customer-health', user: 'Milo Park' });
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toMatch(/Alerts are active in .*#customer-health/);
    expect(html).toContain('https://app.perly.ai/settings/notifications?done=slack');
    expect(html).toContain('https://slack.com/app_redirect?team=T0ACMECS001&amp;channel=C0HEALTH001');
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
        quietHours: 'off',
      },
    });
    const [welcome] = running.slack.messages('#customer-health');
    expect(renderLines(welcome?.payload).join('\n')).toMatch(
      /connected this channel to Perly. Alerts are on/,
    );
  });

  test('neither the token nor the webhook URL stands in the database or the log', async () => {
    await running.connect('#customer-health', 'acct_demo');
    await running.perly.post(sampleEvent('seed-example'));
    await running.slack.waitForMessages(2, undefined, '#customer-health');
    const [installation] = running.slack.installations;
    const [webhook] = running.slack.webhooks;
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
    await running.slack.waitForMessages(3, undefined, '#customer-health');
    const [old, fresh] = running.slack.webhooks;
    const used = running.slack.webhookCalls.at(-1);
    expect(fresh?.id).not.toBe(old?.id);
    expect(used).toMatchObject({ webhookId: fresh?.id });
  });

  test('a second channel leaves the first as it is', async () => {
    await running.connect('#customer-health', 'acct_demo');
    await running.connect('#billing-alerts', 'acct_demo');
    expect(await channels().countDocuments({ accountId: 'acct_demo', status: 'active' })).toBe(2);
    expect(await running.db.collection('installations').countDocuments()).toBe(1);
  });

  test('a channel without an account waits, and gets the account of the next install', async () => {
    const page = await running.connect('#customer-health');
    expect(await page.text()).toContain('waiting for Perly');
    await running.perly.post(sampleEvent('seed-example'));
    expect(running.slack.messages('#customer-health')).toHaveLength(1);

    await running.connect('#customer-health', 'acct_demo');
    expect(await channel('C0HEALTH001')).toMatchObject({ accountId: 'acct_demo' });
  });

  test('a channel with an account keeps it when the App Directory connects it again', async () => {
    await running.connect('#customer-health', 'acct_demo');
    const page = await running.connect('#customer-health');
    expect(await page.text()).toContain('Reconnected');
    expect(await channel('C0HEALTH001')).toMatchObject({ accountId: 'acct_demo' });
  });

  test('a channel of another account is refused and stays as it is', async () => {
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

  test('a first message that Slack does not take does no harm', async () => {
    running.slack.failWebhook('#customer-health', { error: 'rollup_error' }, 1);
    const page = await running.connect('#customer-health', 'acct_demo');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('It could not be posted just now');
    await running.perly.post(sampleEvent('seed-example'));
    await running.slack.waitForMessages(1, undefined, '#customer-health');
  });
});

describe('anything else than Allow', () => {
  async function callback(query: Record<string, string>, cookie = '') {
    return request(running.url).get('/slack/oauth_redirect').query(query).set('cookie', cookie);
  }

  test('Cancel: nothing is connected, and the page says so calmly', async () => {
    const page = await running.slack.install(await running.perly.installUrl('acct_demo'), 'cancel');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Nothing was connected');
    expect(await channels().countDocuments()).toBe(0);
    expect(running.logs.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  test('no code, no state, a forged state, a state of another browser', async () => {
    const { cookie, state } = await begin(`${running.url}/slack/install`);
    const other = await begin(`${running.url}/slack/install`);
    const forged = `${state.slice(0, -4)}AAAA`;
    const cases = [
      [await callback({}), 'Slack sent you back too early'],
      [await callback({ error: 'server_error', state }, cookie), 'Slack sent you back too early'],
      [await callback({ code: 'x' }), 'This page does not match your last try'],
      [await callback({ code: 'x', state }), 'This page does not match your last try'],
      [await callback({ code: 'x', state }, other.cookie), 'This page does not match your last try'],
      [
        await callback({ code: 'x', state }, `slack-app-oauth-state=${state}`),
        'This page does not match your last try',
      ],
      [await callback({ code: 'x', state: forged }, cookieOf(forged)), 'does not match your last try'],
      [await callback({ code: 'x', state }, cookie), 'This confirmation has been used already'],
    ] as const;
    for (const [answer, words] of cases) {
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(words);
    }
    expect(await channels().countDocuments()).toBe(0);
  });

  test('a double click: the second page says that it is done already', async () => {
    const { authorizeUrl, cookie } = await begin(await running.perly.installUrl('acct_demo'));
    const back = await running.slack.approve(authorizeUrl, { channel: '#customer-health' });
    expect((await fetch(back, { headers: { cookie } })).status).toBe(200);
    const second = await fetch(back, { headers: { cookie } });
    expect(second.status).toBe(400);
    expect(await second.text()).toContain('has been used already');
  });

  test('Slack says no, or is away', async () => {
    for (const [fault, status, words] of [
      [{ error: 'bad_client_secret' }, 502, 'bad_client_secret'],
      [{ status: 500 }, 502, 'Slack is not answering'],
      [{ reset: 'before' }, 502, 'Slack is not answering'],
      [{ status: 429, retryAfter: 30 }, 502, 'Slack is not answering'],
    ] as const) {
      running.slack.failApi('oauth.v2.access', fault);
      const page = await running.connect('#customer-health', 'acct_demo');
      running.slack.clearFaults();
      expect(page.status).toBe(status);
      expect(await page.text()).toContain(words);
    }
    expect(await channels().countDocuments()).toBe(0);
  });

  test('an unknown page is a page', async () => {
    const answer = await request(running.url).get('/nothing');
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('There is no page here');
  });
});

test('a state of more than ten minutes ago is refused as such', async () => {
  const states = createStateStore(running.config.appSecrets, createUsedTokenStore(running.db));
  const options = { scopes: ['incoming-webhook'], redirectUri: `${running.url}/slack/oauth_redirect` };
  const state = await states.generateStateParam(options, new Date(Date.now() - 601_000));
  const page = await request(running.url)
    .get('/slack/oauth_redirect')
    .query({ code: 'x', state })
    .set('cookie', cookieOf(state));
  expect(page.status).toBe(400);
  expect(page.text).toContain('This took longer than 10 minutes');
});

test('a state that an older secret signed is good', async () => {
  const { appSecrets } = running.config;
  const options = { scopes: ['incoming-webhook'], redirectUri: 'https://a.example/b', metadata: '{}' };
  const used = createUsedTokenStore(running.db);
  const state = await createStateStore(appSecrets, used).generateStateParam(options, new Date());
  const rotated = createStateStore([Buffer.alloc(32, 3), ...appSecrets], used);
  expect(await rotated.verifyStateParam(new Date(), state)).toEqual(options);
});

test('a webhook on a host that is not allowed is refused before anything is stored', async () => {
  await running.close();
  running = await startTestApp({ env: { SLACK_WEBHOOK_ORIGINS: 'https://hooks.slack.com' } });
  const page = await running.connect('#customer-health', 'acct_demo');
  expect(page.status).toBe(502);
  expect(await page.text()).toContain('an address that we do not trust');
  expect(await channels().countDocuments()).toBe(0);
  expect(await running.db.collection('installations').countDocuments()).toBe(0);
});
