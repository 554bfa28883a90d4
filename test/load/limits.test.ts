import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import { signatureHeaders as slackHeaders } from '../../sandbox/slack/signing.ts';
import { flood } from '../support/flood.ts';
import { setupLimitedApp } from '../support/setup-limited-app.ts';

const app = setupLimitedApp();

/** Sends a request as if through a proxy, from an address. */
const ask = (path: string, from: string) =>
  fetch(`${app.running.url}${path}`, { method: 'POST', headers: { 'x-forwarded-for': from } });

/** Like {@link ask}, through a proxy that adds its own line after the sender's. */
async function askWithHeaders(path: string, from: string, fillers: number, proxied: string): Promise<number> {
  const lines = [
    ['host', 'x'],
    ['x-forwarded-for', from],
    ...Array.from({ length: fillers }, (_, index) => [`x-${index}`, 'x']),
    ['x-forwarded-for', proxied],
  ];
  const request = httpRequest(`${app.running.url}${path}`, {
    method: 'POST',
    headers: lines.flat(),
    agent: false,
  });
  const [answer] = await once(request.end(), 'response');
  answer.resume();
  return answer.statusCode;
}

describe('an address', () => {
  test.each([
    ['/perly/events', 'application/problem+json', '"refused-by-perly-routes"'],
    ['/slack/events', 'text/plain', '"refused-by-slack-routes"'],
  ])('is refused 1,200 times a minute at %s, and others are not affected', async (path, type, name) => {
    const { statuses, headers } = await flood(1210, () => ask(path, '192.0.2.3'));
    expect(statuses).toEqual({ 415: 1200, 429: 10 });
    expect(headers?.get('content-type')).toContain(type);
    expect(headers?.get('ratelimit-policy')).toContain(name);
    expect(headers?.get('cache-control')).toBe('no-store');
    expect((await ask(path, '192.0.2.4')).status).toBe(415);
    // Nobody can claim another address, or be blamed for others.
    expect((await ask(path, '192.0.2.5, 192.0.2.3')).status).toBe(429);
    expect(await askWithHeaders(path, '192.0.2.5', 50, '192.0.2.3')).toBe(429);
    expect(await askWithHeaders(path, '192.0.2.5', 98, '192.0.2.3')).toBe(431);
  });
});

describe('an address is not limited for', () => {
  const unsigned = async (path: string, from: string) => (await ask(path, from)).status;

  test('signed requests, whatever is wrong with them', async () => {
    const body = 'not JSON';
    const post = () =>
      fetch(`${app.running.url}/perly/events`, {
        method: 'POST',
        headers: {
          ...signatureHeaders(app.running.config.perly.secrets[0] ?? '', body),
          'content-type': 'application/json',
          'x-forwarded-for': '192.0.2.20',
        },
        body,
      });
    expect((await flood(1260, post)).statuses).toEqual({ 400: 1260 });
    expect(await unsigned('/perly/events', '192.0.2.20')).toBe(415);
  });

  test.each(['/perly/events', '/slack/events'])('requests to %s that were cut off', async (path) => {
    const from = '192.0.2.21';
    const body = 'begun';
    const signed =
      path === '/perly/events'
        ? signatureHeaders(app.running.config.perly.secrets[0] ?? '', body)
        : slackHeaders(app.running.slack.signingSecret, body, Date.now());
    const headers = {
      ...signed,
      'content-type': 'application/json',
      'x-forwarded-for': from,
      'content-length': 9,
    };
    for (let count = 0; count < 1210; count++) {
      const cut = httpRequest(`${app.running.url}${path}`, { method: 'POST', headers, agent: false });
      cut.on('error', () => {}).write(body);
      await once(cut, 'socket');
      const { socket } = cut;
      if (socket?.connecting === true) await once(socket, 'connect');
      cut.destroy();
    }
    expect(await unsigned(path, from)).toBe(415);
  });
});

test('an account makes 1,200 requests a minute with its token', async () => {
  const authorization = `Bearer ${await app.running.perly.token('acct_c')}`;
  const status = () => fetch(`${app.running.url}/perly/events/none`, { headers: { authorization } });
  const { statuses, headers } = await flood(1205, status);
  expect(statuses).toEqual({ 404: 1200, 429: 5 });
  expect(headers?.get('ratelimit-policy')).toContain('"account-requests"');
  expect((await app.running.perly.eventStatus('acct_d', 'none')).status).toBe(404);
});
