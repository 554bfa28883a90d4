import { jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderLines } from '../../../sandbox/slack/render/render-message.ts';
import { systemClock } from '../../../src/clock.ts';
import { toTokenKey } from '../../../src/perly/token.ts';
import { createSlackLinks } from '../../../src/slack/install/slack-links.ts';
import { openBrowser } from '../../support/browser.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { customersIn, eventOf } from '../../support/named-events.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
});
beforeEach(() => emptyDatabase(running.db));
afterAll(() => running.close());

const dana = { teamId: 'T0ACMECS001', userId: 'U0DANA00001' };
const settings = 'https://app.perly.ai/settings/notifications/slack';

function linkAccount(clock = systemClock): Promise<string> {
  const paths = { install: '/slack/install', linkAccount: '/slack/link' };
  return createSlackLinks({
    secrets: running.config.appSecrets,
    appUrl: running.url,
    paths,
    clock,
  }).linkAccount(dana);
}

/** The state that Perly gets, as its page has it. */
async function askForLink(): Promise<string> {
  const there = new URL(await openBrowser().follow(await linkAccount()));
  expect(there.origin + there.pathname).toBe(`${settings}/link`);
  return there.searchParams.get('state') ?? '';
}

async function comeBack(state: unknown, accountId = 'acct_demo', claims = {}, lifetime = 300) {
  const token = await running.perly.connectToken(accountId, { state, ...claims }, lifetime);
  const answer = await openBrowser().get(`${running.url}/perly/link?token=${token}`);
  const [, main = ''] = /<main>(.*)<\/main>/s.exec(await answer.text()) ?? [];
  return { status: answer.status, text: main.replaceAll(/<[^>]*>/g, ' ') };
}

const accounts = async () =>
  (
    await running.db
      .collection('channels')
      .find({}, { sort: { _id: 1 } })
      .toArray()
  ).map(({ accountId }) => accountId);

describe('linking', () => {
  test('from the page after OAuth: the waiting channels come alive, and people are told', async () => {
    const page = await (await running.connect('#customer-health')).text();
    await running.connect('#billing-alerts');
    const [, link = ''] = /href="([^"]*\/slack\/link\?link=[^"]*)"/.exec(page) ?? [];
    const there = new URL(await openBrowser().follow(link));
    const state = there.searchParams.get('state') ?? '';
    const { payload } = await jwtVerify(state, toTokenKey(running.config.perly.tokenSecrets[0] ?? ''), {
      audience: 'perly-slack-link-state',
    });
    expect(payload).toMatchObject({ team_id: 'T0ACMECS001', team_name: 'Acme CS', user_id: 'U0DANA00001' });

    const done = await comeBack(state, 'acct_demo', { name: 'Northwind & Sons' });
    expect(done.status).toBe(200);
    expect(done.text).toContain('Your Perly account is linked');
    expect(done.text).toContain('Northwind &amp; Sons');
    expect(done.text).toContain('#billing-alerts, #customer-health');
    expect(await accounts()).toEqual(['acct_demo', 'acct_demo']);
    for (const channel of ['#customer-health', '#billing-alerts']) {
      const said = running.slack.messages(channel).at(-1)?.payload;
      expect(renderLines(said).join('\n')).toContain('linked to Northwind & Sons in Perly now');
    }

    await running.perly.post(eventOf('Acme'));
    await expect.poll(() => customersIn(running.slack)).toEqual(['Acme']);
  });

  test('a channel of another account stays with it, and a workspace may serve several', async () => {
    await running.connect('#customer-health', 'acct_one');
    await running.connect('#billing-alerts');
    await comeBack(await askForLink(), 'acct_two');
    expect((await accounts()).toSorted()).toEqual(['acct_one', 'acct_two']);
    expect(await running.db.collection('links').countDocuments({ teamId: 'T0ACMECS001' })).toBe(2);
  });

  test('the same page again does nothing more and says so', async () => {
    await running.connect('#customer-health');
    const state = await askForLink();
    await comeBack(state);
    expect(await comeBack(state)).toMatchObject({
      status: 200,
      text: expect.stringContaining('linked already'),
    });
  });

  test('a way back that is not on Perly’s origin leads to Perly’s settings', async () => {
    await running.connect('#customer-health');
    const claims = { state: await askForLink(), return_url: 'https://evil.example' };
    const token = await running.perly.connectToken('acct_demo', claims);
    const html = await (await openBrowser().get(`${running.url}/perly/link?token=${token}`)).text();
    expect(html).toContain(`href="${settings}"`);
    expect(html).not.toContain('evil.example');
  });

  test('with nothing waiting it says how to go on', async () => {
    await running.connect('#customer-health', 'acct_one');
    const done = await comeBack(await askForLink(), 'acct_two');
    expect(done.text).toContain('No channel was waiting for it');
  });
});

describe('nothing is linked, and a page says what to do', () => {
  beforeEach(() => running.connect('#customer-health'));

  test.each<[string, () => Promise<{ status: number; text: string }>, string]>([
    ['no state', () => comeBack(undefined), 'could not read what Perly sent'],
    ['a state of somebody else', () => comeBack('x.y.z'), 'could not read what Perly sent'],
    [
      'a token of Perly for a state',
      async () => comeBack(await running.perly.connectToken('acct_demo')),
      'could not read',
    ],
    [
      'a link in Slack for a state',
      async () => comeBack(new URL(await linkAccount()).searchParams.get('link')),
      'could not read',
    ],
    ['an expired token', async () => comeBack(await askForLink(), 'acct_demo', {}, -60), 'could not read'],
    ['a token without an account', async () => comeBack(await askForLink(), ''), 'could not read'],
    [
      'a state that another account has used',
      async () => {
        const state = await askForLink();
        await comeBack(state, 'acct_first');
        return comeBack(state, 'acct_demo');
      },
      'has been used already',
    ],
    [
      'a workspace that the app has left',
      async () => {
        const state = await askForLink();
        await running.db.collection('installations').deleteMany({});
        return comeBack(state);
      },
      'no longer in this workspace',
    ],
  ])('%s', async (_, walk, words) => {
    const done = await walk();
    expect(done.text).toContain(words);
    expect([403, 409]).toContain(done.status);
    expect(await accounts()).not.toContain('acct_demo');
  });

  test('a state is no token, though the same secret signs it', async () => {
    const state = await askForLink();
    for (const path of ['/perly/link?token=', '/slack/install?token='])
      expect((await openBrowser().get(`${running.url}${path}${state}`)).status).toBe(403);
  });

  test('no token and no state is in the log', async () => {
    const state = await askForLink();
    await comeBack(state);
    await comeBack(`${state}x`);
    expect(running.logs.join('')).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  });
});
