import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../../sandbox/perly/client.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
  await running.seedChannel('#customer-health', 'acct_demo');
});
afterAll(() => running.close());

const rules = '/perly/channels/T0ACMECS001:C0HEALTH001/rules';
const realm = 'Bearer realm="perly-slack"';

describe('a token that is refused', () => {
  test.each([
    ['is missing', undefined, realm],
    ['has another scheme', 'Basic YTpi', realm],
    ['is not one', 'Bearer abc', `${realm}, error="invalid_token"`],
  ])(
    '%s: the answer says how to authenticate, and is not cached',
    async (_what, authorization, challenge) => {
      const headers = { ...(authorization !== undefined && { authorization }) };
      for (const [method, path] of [
        ['GET', '/perly/channels'],
        ['DELETE', '/perly/accounts/acct_demo'],
      ] as const) {
        const answer = await fetch(running.url + path, { method, headers });
        expect(answer.status).toBe(401);
        expect(answer.headers.get('www-authenticate')).toBe(challenge);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    },
  );

  test.each([
    ['is not JSON', '{', 'application/json', 400],
    ['is not UTF-8', Buffer.from('{"owners":["\xff"]}', 'latin1'), 'application/json', 400],
    ['is too long', `"${'x'.repeat(17 * 1024)}"`, 'application/json', 413],
    ['is of another type', '<x/>', 'text/xml', 415],
    ['is not valid', '{"event_types":"all"}', 'application/json', 422],
  ])('is refused before a body that %s', async (_what, body, type, status) => {
    const put = (authorization: string) =>
      fetch(running.url + rules, {
        method: 'PUT',
        headers: { authorization, 'content-type': type, 'if-match': '"1"' },
        body,
      });
    expect((await put('Bearer x')).status).toBe(401);
    expect((await put(`Bearer ${await running.perly.connectToken('acct_demo')}`)).status).toBe(401);
    expect((await put(`Bearer ${await running.perly.token('acct_demo')}`)).status).toBe(status);
  });

  test('is refused while the body is still arriving', async () => {
    const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
    socket.write(
      [
        `PUT ${rules} HTTP/1.1`,
        'Host: localhost',
        'Authorization: Bearer x',
        'Content-Type: application/json',
        'Content-Length: 1000',
        '',
        '{"event_types',
      ].join('\r\n'),
    );
    expect(await firstLine(socket)).toBe('HTTP/1.1 401 Unauthorized');
    socket.destroy();
  });
});

async function firstLine(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.includes('\r\n')) break;
  }
  return text.split('\r\n')[0] ?? '';
}

describe('no refusal is cached', () => {
  const bearer = async () => ({ authorization: `Bearer ${await running.perly.token('acct_demo')}` });

  test.each<[number, string, () => Promise<Response>]>([
    [400, 'GET', async () => fetch(`${running.url}/perly/events/%ff`, { headers: await bearer() })],
    [404, 'GET', async () => fetch(`${running.url}/perly/channels/none`, { headers: await bearer() })],
    [404, 'GET', () => fetch(`${running.url}/perly/nothing`)],
    [422, 'GET', async () => fetch(`${running.url}/perly/channels?limit=0`, { headers: await bearer() })],
    [
      428,
      'PUT',
      async () =>
        fetch(running.url + rules, {
          method: 'PUT',
          headers: { ...(await bearer()), 'content-type': 'application/json' },
          body: '{}',
        }),
    ],
    [415, 'POST', () => fetch(`${running.url}/perly/events`, { method: 'POST', body: 'x' })],
    [422, 'POST', () => running.perly.post({})],
  ])('%i %s', async (status, _method, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('401 for an event whose signature is wrong: it names the scheme', async () => {
    const answer = await fetch(`${running.url}/perly/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signatureHeaders(running.config.perly.notifySecrets[0] ?? '', '{}'),
      },
      body: '{}',
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('StandardWebhooks realm="perly-slack"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});
