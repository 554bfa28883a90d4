import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import { signatureHeaders as slackHeaders } from '../../sandbox/slack/signing.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  // The minute of the limits does not end while the requests are sent, however long that takes.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  running = await startTestApp({ env: { TRUST_PROXY: '1', MAX_EVENTS_PER_MINUTE: '3' } });
});
afterAll(async () => {
  await running.close();
  vi.useRealTimers();
});

/** Asks as if through a proxy, from an address. */
const ask = (path: string, from: string, method = 'GET') =>
  fetch(`${running.url}${path}`, { method, headers: { 'x-forwarded-for': from }, redirect: 'manual' });

/** Asks as {@link ask} does, of a proxy that adds a line of its own after all of the sender's. */
async function askWithHeaders(path: string, from: string, fillers: number, proxied: string): Promise<number> {
  const lines = [
    ['host', 'x'],
    ['x-forwarded-for', from],
    ...Array.from({ length: fillers }, (_, index) => [`x-${index}`, 'x']),
    ['x-forwarded-for', proxied],
  ];
  const request = httpRequest(`${running.url}${path}`, {
    method: 'POST',
    headers: lines.flat(),
    agent: false,
  });
  const [answer] = await once(request.end(), 'response');
  answer.resume();
  return answer.statusCode;
}

/** Asks so often. @returns the answers' statuses, each with how often it came */
async function flood(times: number, askOnce: () => Promise<Response>) {
  const statuses: Record<number, number> = {};
  let last: Response | undefined;
  for (let done = 0; done < times; done += 50) {
    const answers = await Promise.all(Array.from({ length: Math.min(50, times - done) }, askOnce));
    for (const answer of answers) {
      await answer.arrayBuffer();
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status === 429) last = answer;
    }
  }
  return { statuses, headers: last?.headers };
}

describe('an address', () => {
  test('gets 300 pages a minute, and then one that says so', async () => {
    const { statuses, headers } = await flood(310, () => ask('/slack/link', '192.0.2.1'));
    expect(statuses).toEqual({ 403: 300, 429: 10 });
    expect(headers?.get('ratelimit-policy')).toMatch(/^"pages"; q=300; w=60/);
    expect(Number(headers?.get('retry-after'))).toBeGreaterThan(0);
    const page = await ask('/slack/install', '192.0.2.1');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('That was a lot at once');
    expect((await ask('/slack/install', '192.0.2.2')).status).toBe(302);
  });

  test.each([
    ['/perly/events', 'application/problem+json', '"refused-by-perly-routes"'],
    ['/slack/events', 'text/plain', '"refused-by-slack-routes"'],
  ])('is refused 1,200 times a minute at %s, and others are not touched by it', async (path, type, name) => {
    const { statuses, headers } = await flood(1210, () => ask(path, '192.0.2.3', 'POST'));
    expect(statuses).toEqual({ 415: 1200, 429: 10 });
    expect(headers?.get('content-type')).toContain(type);
    expect(headers?.get('ratelimit-policy')).toContain(name);
    expect(headers?.get('cache-control')).toBe('no-store');
    expect((await ask(path, '192.0.2.4', 'POST')).status).toBe(415);
    // Who has no proxy before it cannot give itself another address, nor is it given the others' faults.
    expect((await ask(path, '192.0.2.5, 192.0.2.3', 'POST')).status).toBe(429);
    expect(await askWithHeaders(path, '192.0.2.5', 50, '192.0.2.3')).toBe(429);
    expect(await askWithHeaders(path, '192.0.2.5', 98, '192.0.2.3')).toBe(431);
  });
});

describe('an address is not limited for', () => {
  const unsigned = async (path: string, from: string) => (await ask(path, from, 'POST')).status;

  test('signed requests, however many are under way and whatever is wrong with them', async () => {
    const body = 'not JSON';
    const post = () =>
      fetch(`${running.url}/perly/events`, {
        method: 'POST',
        headers: {
          ...signatureHeaders(running.config.perly.secrets[0] ?? '', body),
          'content-type': 'application/json',
          'x-forwarded-for': '192.0.2.20',
        },
        body,
      });
    const answers = await Promise.all(Array.from({ length: 1260 }, post));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
    expect(await unsigned('/perly/events', '192.0.2.20')).toBe(415);
  });

  test.each(['/perly/events', '/slack/events'])('requests to %s that were cut off', async (path) => {
    const from = '192.0.2.21';
    const body = 'begun';
    const signed =
      path === '/perly/events'
        ? signatureHeaders(running.config.perly.secrets[0] ?? '', body)
        : slackHeaders(running.slack.signingSecret, body, Date.now());
    const headers = {
      ...signed,
      'content-type': 'application/json',
      'x-forwarded-for': from,
      'content-length': 9,
    };
    for (let count = 0; count < 1210; count++) {
      const cut = httpRequest(`${running.url}${path}`, { method: 'POST', headers, agent: false });
      cut.on('error', () => {}).write(body);
      await once(cut, 'socket');
      const { socket } = cut;
      if (socket?.connecting === true) await once(socket, 'connect');
      cut.destroy();
    }
    expect(await unsigned(path, from)).toBe(415);
  });
});

describe('an account', () => {
  const post = (ids: string[], account: string) =>
    running.perly.post({
      events: ids.map((id) => ({ ...sampleEvent('seed-example'), id, account_id: account })),
    });

  test('posts as many events a minute as MAX_EVENTS_PER_MINUTE says; the answer names it, and nothing was taken', async () => {
    expect((await post(['a1', 'a2'], 'acct_a')).status).toBe(202);
    const refused = await post(['a3', 'a4'], 'acct_a');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      type: 'urn:perly-slack:problem:account_limit',
      accounts: ['acct_a'],
    });
    expect(await running.db.collection('events').countDocuments({ eventId: { $in: ['a3', 'a4'] } })).toBe(0);
    expect((await post(['b1'], 'acct_b')).status).toBe(202);
  });

  test('asks 1,200 times a minute with its token', async () => {
    const authorization = `Bearer ${await running.perly.token('acct_c')}`;
    const status = () => fetch(`${running.url}/perly/events/none`, { headers: { authorization } });
    const { statuses, headers } = await flood(1205, status);
    expect(statuses).toEqual({ 404: 1200, 429: 5 });
    expect(headers?.get('ratelimit-policy')).toContain('"account-requests"');
    expect((await running.perly.eventStatus('acct_d', 'none')).status).toBe(404);
  });
});

test('without TRUST_PROXY nobody gives itself another address, whatever X-Forwarded-For says', async () => {
  const app = await startTestApp();
  let asked = 0;
  const askIt = () =>
    fetch(`${app.url}/slack/link`, { headers: { 'x-forwarded-for': `192.0.2.${asked++ % 200}` } });
  expect((await flood(310, askIt)).statuses).toEqual({ 403: 300, 429: 10 });
  await app.close();
});
