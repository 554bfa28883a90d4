import request from 'supertest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStateStore } from '../../../src/slack/install/state-store.ts';
import { createUsedTokenStore } from '../../../src/store/used-tokens.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';
import { begin, cookieOf } from './begin.ts';

let running: TestApp;
beforeEach(async () => {
  running = await startTestApp({ paceMs: shortPaceMs });
});
afterEach(() => running.close());

const channels = () => running.db.collection('channels');

describe('anything other than Allow', () => {
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
      [await callback({ code: 'x' }), 'This page does not match your last attempt'],
      [await callback({ code: 'x', state }), 'This page does not match your last attempt'],
      [await callback({ code: 'x', state }, other.cookie), 'This page does not match your last attempt'],
      [
        await callback({ code: 'x', state }, `slack-app-oauth-state=${state}`),
        'This page does not match your last attempt',
      ],
      [await callback({ code: 'x', state: forged }, cookieOf(forged)), 'does not match your last attempt'],
      [await callback({ code: 'x', state }, cookie), 'This confirmation was already used'],
    ] as const;
    for (const [answer, words] of cases) {
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(words);
    }
    expect(await channels().countDocuments()).toBe(0);
  });

  test('a double click: the second page says that it is already done', async () => {
    const { authorizeUrl, cookie } = await begin(await running.perly.installUrl('acct_demo'));
    const back = await running.slack.approve(authorizeUrl, { channel: '#customer-health' });
    expect((await fetch(back, { headers: { cookie } })).status).toBe(200);
    const second = await fetch(back, { headers: { cookie } });
    expect(second.status).toBe(400);
    expect(await second.text()).toContain('was already used');
  });

  test('Slack refuses, or is unavailable', async () => {
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

test('a state older than ten minutes is refused as expired', async () => {
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

test('a state signed with an older secret is valid', async () => {
  const { appSecrets } = running.config;
  const options = { scopes: ['incoming-webhook'], redirectUri: 'https://a.example/b', metadata: '{}' };
  const used = createUsedTokenStore(running.db);
  const state = await createStateStore(appSecrets, used).generateStateParam(options, new Date());
  const rotated = createStateStore([Buffer.alloc(32, 3), ...appSecrets], used);
  expect(await rotated.verifyStateParam(new Date(), state)).toEqual(options);
});

test('a webhook on a host that is not allowed is refused before anything is stored', async () => {
  await running.close();
  running = await startTestApp({
    paceMs: shortPaceMs,
    env: { SLACK_WEBHOOK_ORIGINS: 'https://hooks.slack.com' },
  });
  const page = await running.connect('#customer-health', 'acct_demo');
  expect(page.status).toBe(502);
  expect(await page.text()).toContain('an address that we do not trust');
  expect(await channels().countDocuments()).toBe(0);
  expect(await running.db.collection('installations').countDocuments()).toBe(0);
});
