import { jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderLines } from '../../../sandbox/slack/render/render-message.ts';
import { toTokenKey } from '../../../src/lib/perly-token.ts';
import { type Browser, openBrowser } from '../../support/browser.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import {
  beginInBrowser,
  connectInBrowser,
  type PageText,
  readPage,
  returnFromPerly,
} from '../../support/linking.ts';
import { customersIn, eventOf } from '../../support/named-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
let browser: Browser;
beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs });
});
beforeEach(async () => {
  await emptyDatabase(running.db);
  browser = openBrowser();
});
afterAll(() => running.close());

const settings = 'https://app.perly.ai/settings/notifications/slack';

/** @returns the state that Perly receives */
const begin = async () => beginInBrowser(browser, await connectInBrowser(running, browser));

const returnWith = (state: unknown, accountId = 'acct_demo', claims = {}, lifetime = 300) =>
  returnFromPerly(running, browser, { state, accountId, claims, lifetime });

const channels = () => running.db.collection('channels');
const accounts = async () =>
  (
    await channels()
      .find({}, { sort: { _id: 1 } })
      .toArray()
  ).map(({ accountId }) => accountId);

describe('linking right after the install, in the browser that came through OAuth', () => {
  test('the person’s waiting channels become active, and people are told', async () => {
    await connectInBrowser(running, openBrowser(), { channel: '#billing-alerts' });
    const page = await connectInBrowser(running, browser);
    const state = await beginInBrowser(browser, page);
    const { payload } = await jwtVerify(state, toTokenKey(running.config.perly.tokenSecrets[0] ?? ''), {
      audience: 'perly-slack-link-state',
    });
    expect(payload).toMatchObject({
      team_id: 'T0ACMECS001',
      team_name: 'Acme CS',
      user_id: 'U0DANA00001',
      exp: (payload.iat ?? 0) + 600,
    });

    const done = await returnWith(state, 'acct_demo', { name: 'Northwind & Sons' });
    expect(done.status).toBe(200);
    expect(done.text).toContain('Your Perly account is linked');
    expect(done.text).toContain('Northwind &amp; Sons');
    expect(done.text).toContain('#billing-alerts, #customer-health');
    expect(await accounts()).toEqual(['acct_demo', 'acct_demo']);
    for (const channel of ['#customer-health', '#billing-alerts']) {
      const message = running.slack.messages(channel).at(-1)?.payload;
      expect(renderLines(message).join('\n')).toContain('linked to Northwind & Sons on Perly');
    }

    await running.perly.post(eventOf('Acme'));
    await expect.poll(() => customersIn(running.slack)).toEqual(['Acme']);
  });

  test('a channel that was paused while it waited stays paused, which the page says', async () => {
    await connectInBrowser(running, openBrowser(), { channel: '#billing-alerts' });
    const state = await begin();
    const pause = { $set: { pausedUntil: 'until_resumed' } };
    await channels().updateOne({ slackChannelId: 'C0HEALTH001' }, pause);
    const done = await returnWith(state);
    expect(done.text).toMatch(/Alerts are on\s+#billing-alerts\s+Alerts are paused\s+#customer-health/);
  });

  test('if all channels were paused while they waited, the page promises no alerts', async () => {
    const state = await begin();
    await channels().updateMany({}, { $set: { pausedUntil: 'until_resumed' } });
    const done = await returnWith(state);
    expect(done.text).toContain('You can resume them in Perly’s Home in Slack.');
    expect(done.text).not.toMatch(/Alerts (are on|follow)/);
  });

  test('a channel in which Slack takes no message shows as broken, on the page and after it', async () => {
    await connectInBrowser(running, openBrowser(), { channel: '#billing-alerts' });
    const state = await begin();
    running.slack.failWebhook('#customer-health', { status: 403, body: 'action_prohibited' }, 1);
    const done = await returnWith(state);
    expect(done.text).toMatch(/Alerts are on\s+#billing-alerts\s+Slack takes no alerts\s+#customer-health/);
    expect(done.text).not.toContain('You are all set');
    const refused = await channels().findOne({ slackChannelId: 'C0HEALTH001' });
    expect(refused).toMatchObject({
      status: 'broken',
      brokenReason: 'A workspace admin does not allow these messages.',
    });
  });

  test('the workspace’s name reaches Perly as one visible line', async () => {
    const page = await connectInBrowser(running, browser);
    const nameFor = async (teamName: string) => {
      await running.db.collection('installations').updateMany({}, { $set: { teamName } });
      return (await running.perly.readState(await beginInBrowser(browser, page)))?.teamName;
    };
    expect(await nameFor('\u202eAc\u0007me\n\n CS')).toBe('Acme CS');
    expect(await nameFor('\u200b')).toBeNull();
  });

  test('an account without a name is called by its id', async () => {
    const done = await returnWith(await begin(), 'acct_nameless');
    expect(done.text).toContain('acct_nameless');
    const message = running.slack.messages('#customer-health').at(-1)?.payload;
    expect(renderLines(message).join('\n')).toContain('linked to acct_nameless on Perly');
  });

  test.each(['ㅤ', '\uFE0F', '\u{E0041}\u2800'])('nor with an invisible name: %j', async (name) => {
    const done = await returnWith(await begin(), 'acct_nameless', { name });
    expect(done.text).toContain('acct_nameless');
    expect(await running.db.collection('links').findOne({})).toMatchObject({ accountName: null });
  });

  test('channels that others manage keep waiting, unless everyone manages them', async () => {
    await connectInBrowser(running, openBrowser(), { channel: '#billing-alerts', user: 'Milo Park' });
    await connectInBrowser(running, openBrowser(), { channel: '#revenue-signals', user: 'Milo Park' });
    await channels().updateOne({ slackChannelId: 'C0REVENUE01' }, { $set: { managers: 'everyone' } });
    const done = await returnWith(await begin());
    expect(done.text).not.toContain('#billing-alerts');
    expect(await accounts()).toEqual([null, 'acct_demo', 'acct_demo']);
  });

  test('a channel of another account stays with it, and a workspace may serve several', async () => {
    await running.connect('#billing-alerts', 'acct_one');
    await returnWith(await begin(), 'acct_two');
    expect(await accounts()).toEqual(['acct_one', 'acct_two']);
    expect(await running.db.collection('links').countDocuments({ teamId: 'T0ACMECS001' })).toBe(2);
  });

  test('the same page again does nothing more and says so', async () => {
    const state = await begin();
    await returnWith(state);
    expect(await returnWith(state)).toMatchObject({
      status: 200,
      text: expect.stringContaining('already linked'),
    });
  });

  test('a return URL outside Perly’s origin leads to Perly’s settings', async () => {
    const { html } = await returnWith(await begin(), 'acct_demo', { return_url: 'https://evil.example' });
    expect(html).toContain(`href="${settings}"`);
    expect(html).not.toContain('evil.example');
  });

  test('the cookie is for this person, for twenty minutes, and not readable by scripts', async () => {
    const answer = await running.slack.install(`${running.url}/slack/install`, {
      channel: '#customer-health',
    });
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('perly-person-'));
    expect(cookie).toMatch(
      /^perly-person-T0ACMECS001=[\w-]+\.[\w-]+\.[\w-]+; Max-Age=1200; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const linked = await running.connect('#billing-alerts', 'acct_demo');
    expect(linked.headers.getSetCookie().join()).not.toContain('perly-person');
  });
});

describe('nothing is linked, and a page says what to do', () => {
  /** Links and tokens that were used or forged, are for something else, or have expired. */
  const cases: [string, () => Promise<PageText>, string][] = [
    ['no state', () => returnWith(undefined), 'could not read what Perly sent'],
    ['a state of somebody else', () => returnWith('x.y.z'), 'could not read what Perly sent'],
    [
      'a token of Perly for a state',
      async () => returnWith(await running.perly.connectToken('acct_demo')),
      'could not read',
    ],
    ['an expired token', async () => returnWith(await begin(), 'acct_demo', {}, -60), 'could not read'],
    ['a token without an account', async () => returnWith(await begin(), ''), 'could not read'],
    [
      'a state that another account has used',
      async () => {
        const state = await begin();
        await returnWith(state, 'acct_first');
        return returnWith(state, 'acct_demo');
      },
      'was already used',
    ],
    [
      'a workspace that the app has left',
      async () => {
        const state = await begin();
        await running.db.collection('installations').deleteMany({});
        return returnWith(state);
      },
      'no longer in this workspace',
    ],
    [
      'a person whose channel got its managers changed meanwhile',
      async () => {
        const state = await begin();
        await channels().updateMany({}, { $set: { managers: ['U0MILO00002'] } });
        return returnWith(state);
      },
      'None of your channels is waiting',
    ],
    [
      'a browser that did not come through OAuth',
      async () => readPage(await openBrowser().get(`${running.url}/slack/link?team=T0ACMECS001`)),
      'Please link your account from Slack',
    ],
    [
      'the cookie of another workspace',
      async () => {
        await connectInBrowser(running, browser);
        return readPage(await browser.get(`${running.url}/slack/link?team=T0GLOBEX001`));
      },
      'Please link your account from Slack',
    ],
  ];

  test.each(cases)('%s', async (_, walk, words) => {
    const done = await walk();
    expect(done.text).toContain(words);
    expect([403, 409]).toContain(done.status);
    expect(await accounts()).not.toContain('acct_demo');
    expect(await running.db.collection('links').countDocuments({ accountId: 'acct_demo' })).toBe(0);
  });

  test('a cookie of another workspace under the name of this one', async () => {
    const answer = await running.slack.install(`${running.url}/slack/install`, {
      channel: '#customer-health',
    });
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('perly-person-')) ?? '';
    const [, value = ''] = cookie.split(';')[0]?.split('=') ?? [];
    const page = await fetch(`${running.url}/slack/link?team=T0GLOBEX001`, {
      headers: { cookie: `perly-person-T0GLOBEX001=${value}` },
      redirect: 'manual',
    });
    expect(page.status).toBe(403);
  });

  test('a state is no token, although the same secret signs it', async () => {
    const state = await begin();
    for (const path of ['/perly/link?token=', '/slack/install?token='])
      expect((await openBrowser().get(`${running.url}${path}${state}`)).status).toBe(403);
  });

  test('no token and no state is in the log', async () => {
    const state = await begin();
    await returnWith(state);
    await returnWith(`${state}x`);
    expect(running.logs.join('')).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  });
});
