import { randomBytes } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { beginInBrowser, connectInBrowser } from '../support/linking.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs });
  await running.seedChannel('#customer-health', 'acct_demo');
});
afterAll(() => running.close());

/** The state that the app sends to Perly, signed with one of Perly's token secrets. */
async function linkState(): Promise<string> {
  const browser = openBrowser();
  return beginInBrowser(browser, await connectInBrowser(running, browser, { channel: '#billing-alerts' }));
}

async function connectLinkToken(): Promise<string> {
  const { body } = await running.perly.api('acct_demo')('post', '/perly/connect-link', { body: {} });
  return new URL(String(body.url)).searchParams.get('token') ?? '';
}

/** A token that names several audiences, as the JWT specification allows. */
function tokenForAll(): Promise<string> {
  return new SignJWT({ state: 'x' })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(['perly-slack', 'perly-slack-connect', 'perly-slack-admin', 'perly-slack-link-state'])
    .setSubject('acct_demo')
    .setExpirationTime('5m')
    .sign(Buffer.from(running.config.perly.tokenSecrets[0] ?? ''));
}

const tokens: Record<string, () => Promise<string>> = {
  api: () => running.perly.token('acct_demo'),
  connect: () => running.perly.connectToken('acct_demo'),
  'connect link': connectLinkToken,
  admin: () => running.perly.adminToken('acct_demo'),
  'link state': linkState,
  'several audiences': tokenForAll,
  'another secret of ours': () =>
    new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('perly-slack')
      .setSubject('acct_demo')
      .setExpirationTime('5m')
      .sign(Buffer.from((running.config.perly.secrets[0] ?? '').slice('whsec_'.length), 'base64')),
};

type Use = (token: string) => Promise<number>;
const bearer =
  (method: string, path: string): Use =>
  async (token) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = method === 'POST' || method === 'PUT' ? '{}' : null;
    return (await fetch(running.url + path, { method, headers, body, redirect: 'manual' })).status;
  };
const inUrl =
  (path: string): Use =>
  async (token) =>
    (await fetch(`${running.url}${path}?token=${token}`, { redirect: 'manual' })).status;

/** Routes that take a token, the purposes of the tokens that they accept, and the status of a refusal. */
const places: [place: string, accepted: string[], refusal: number, use: Use][] = [
  ['GET /perly/channels', ['api'], 401, bearer('GET', '/perly/channels')],
  ['GET /perly/links', ['api'], 401, bearer('GET', '/perly/links')],
  ['POST /perly/connect-link', ['api'], 401, bearer('POST', '/perly/connect-link')],
  ['GET /perly/events/{id}', ['api'], 401, bearer('GET', '/perly/events/none')],
  ['DELETE /perly/links/{workspace}', ['api'], 401, bearer('DELETE', '/perly/links/T1')],
  // Each is for another account than the path, so that none deletes it.
  ['DELETE /perly/accounts/{id}', ['admin'], 401, bearer('DELETE', '/perly/accounts/acct_nobody')],
  ['GET /slack/install?token=', ['connect', 'connect link'], 403, inUrl('/slack/install')],
  ['GET /perly/channels?token=', [], 401, inUrl('/perly/channels')],
];

describe.each(places)('%s', (_place, accepted, refusal, use) => {
  test.each(Object.keys(tokens))('with a token: %s', async (name) => {
    const status = await use((await tokens[name]?.()) ?? '');
    if (accepted.includes(name)) expect([200, 201, 302, 403, 404]).toContain(status);
    else expect(status).toBe(refusal);
    if (accepted.includes(name)) expect(status).not.toBe(refusal);
  });
});

test('an audience that is a list of one is that audience', async () => {
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(['perly-slack'])
    .setSubject('acct_demo')
    .setExpirationTime('5m')
    .sign(Buffer.from(running.config.perly.tokenSecrets[0] ?? ''));
  expect(await bearer('GET', '/perly/channels')(token)).toBe(200);
});

test.each(['.', '..', '', 'a\u202eb', 'a'.repeat(129)])(
  'a subject that could not be an account is refused: %j',
  async (account) => {
    expect(await bearer('GET', '/perly/channels')(await running.perly.token(account))).toBe(401);
  },
);

test.each([
  { ahead: 20, status: 200 },
  { ahead: 60, status: 401 },
  { ahead: 1e300, status: 401 },
  { ahead: -1e300, status: 401 },
])('a token that was signed $ahead s from now is answered $status', async ({ ahead, status }) => {
  const iat = Math.floor(Date.now() / 1000) + ahead;
  const token = await running.perly.token('acct_demo', { iat });
  expect(await bearer('GET', '/perly/channels')(token)).toBe(status);
});

describe('a token in a URL', () => {
  test('is only for connecting, whoever signed it', async () => {
    const { aud, name } = decodeJwt(await connectLinkToken());
    expect({ aud, name }).toEqual({ aud: 'perly-slack-connect', name: undefined });
  });

  test('connects once', async () => {
    const token = await running.perly.connectToken('acct_demo');
    const connect = () =>
      running.slack.install(`${running.url}/slack/install?token=${token}`, { channel: '#customer-health' });
    expect((await connect()).status).toBe(200);
    expect((await connect()).status).toBe(403);
  });

  test.each(['api', 'admin', 'link state', 'several audiences'])(
    'links nothing if it is: %s',
    async (name) => {
      const state = await linkState();
      const claims = { state };
      const made =
        name === 'api'
          ? await running.perly.token('acct_demo', claims)
          : name === 'admin'
            ? await running.perly.adminToken('acct_demo', claims)
            : ((await tokens[name]?.()) ?? '');
      const page = await openBrowser().get(`${running.url}/perly/link?token=${made}`);
      expect(page.status).toBe(403);
    },
  );
});

test('a state that Perly could have signed as a token is refused', async () => {
  for (const make of [running.perly.token, running.perly.connectToken, running.perly.adminToken]) {
    const fake = await make('acct_demo', {
      team_id: 'T0ACMECS001',
      team_name: 'Acme CS',
      user_id: 'U0DANA00001',
    });
    const token = await running.perly.connectToken('acct_demo', { state: fake });
    const page = await openBrowser().get(`${running.url}/perly/link?token=${token}`);
    expect(page.status).toBe(403);
  }
});

test('a token that connected a channel links nothing, and one that linked connects nothing', async () => {
  const state = await linkState();
  const token = await running.perly.connectToken('acct_demo', { state });
  const link = async (url: string) =>
    (await openBrowser().get(`${running.url}/perly/link?token=${url}`)).status;
  const install = async (url: string) =>
    (
      await running.slack.install(`${running.url}/slack/install?token=${url}`, {
        channel: '#customer-health',
      })
    ).status;
  expect(await install(token)).toBe(200);
  expect(await link(token)).toBe(403);

  const other = await running.perly.connectToken('acct_demo', { state: await linkState() });
  expect(await link(other)).toBe(200);
  expect(await install(other)).toBe(403);
});

describe('token secrets can be rotated without downtime', () => {
  const [older = '', newer = ''] = Array.from({ length: 2 }, () => randomBytes(32).toString('base64'));

  test.each([
    ['older,newer', `${older},${newer}`],
    ['newer,older', `${newer},${older}`],
  ])('%s: tokens of both are accepted', async (_order, secrets) => {
    const app = await startTestApp({ env: { PERLY_TOKEN_SECRETS: secrets } });
    for (const secret of [older, newer]) {
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setAudience('perly-slack')
        .setSubject('acct_demo')
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(secret));
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(`${app.url}/perly/channels`, { headers })).status).toBe(200);
    }
    await app.close();
  });
});
