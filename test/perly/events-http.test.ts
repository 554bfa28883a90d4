import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import { type EventsApp, event, newest, startEventsApp } from '../support/events-app.ts';

// The route's answers byte by byte, whichever path a request takes through the server.

let app: EventsApp;
beforeAll(async () => {
  app = await startEventsApp();
});
afterAll(() => app.running.close());

/** Sends the bytes of a request. @returns the whole answer until the connection ends, without the headers that always differ */
async function exchange(head: string, body = ''): Promise<string> {
  const socket = connect(Number(new URL(app.running.url).port), 'localhost');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {});
  await once(socket, 'connect');
  socket.write(head + body);
  await once(socket, 'close');
  return Buffer.concat(chunks)
    .toString()
    .replace(/^(Date|x-request-id): .*\r\n/gm, '');
}

type Options = { method?: string; body?: string; headers?: Record<string, string | null> };

/** The head of a request that ends its connection. `headers` replace those of a signed event; `null` leaves one out. */
function head(target: string, body: string, { method = 'POST', headers = {} }: Options = {}): string {
  const all = {
    Host: 'app.example',
    Connection: 'close',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...signatureHeaders(newest, body),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : `${name}: ${value}\r\n`,
  );
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

const send = (target: string, options: Options = {}): Promise<string> => {
  const { body = posted } = options;
  return exchange(head(target, body, options), body);
};

let posted = '';
beforeEach(() => {
  posted = JSON.stringify(event());
});

const securityHeaders = [
  'Cross-Origin-Opener-Policy: same-origin',
  'Cross-Origin-Resource-Policy: same-origin',
  'Origin-Agent-Cluster: ?1',
  'Referrer-Policy: no-referrer',
  'Strict-Transport-Security: max-age=31536000; includeSubDomains',
  'X-Content-Type-Options: nosniff',
  'X-DNS-Prefetch-Control: off',
  'X-Download-Options: noopen',
  'X-Frame-Options: SAMEORIGIN',
  'X-Permitted-Cross-Domain-Policies: none',
  'X-XSS-Protection: 0',
];

function answer(status: string, headers: readonly string[], body: string, length = body.length): string {
  const all = [`HTTP/1.1 ${status}`, ...securityHeaders, ...headers, `Content-Length: ${length}`];
  return [...all, 'Connection: close', '', body].join('\r\n');
}

const problem = (status: string, code: string, title: string, detail: string, headers: string[] = []) =>
  answer(
    status,
    ['Cache-Control: no-store', ...headers, 'Content-Type: application/problem+json; charset=utf-8'],
    JSON.stringify({
      type: `urn:perly-slack:problem:${code}`,
      title,
      status: Number(status.slice(0, 3)),
      detail,
    }),
  );

const accepted = answer(
  '202 Accepted',
  ['Content-Type: application/json; charset=utf-8'],
  '{"accepted":1,"duplicates":0,"rejected":[],"warnings":[]}',
);

const unknown = problem(
  '404 Not Found',
  'route_unknown',
  'No such route',
  'See docs/integration.md for what Perly can call, and how.',
);

describe('POST /perly/events is answered to the byte', () => {
  test.each([
    ['as documented', '/perly/events'],
    ['with a slash at its end', '/perly/events/'],
    ['with a query', '/perly/events?from=perly'],
    ['in capitals', '/Perly/Events'],
    ['in absolute form', 'http://app.example/perly/events'],
    ['with a fragment', '/perly/events#end'],
  ])('%s: 202', async (_, target) => {
    expect(await send(target)).toBe(accepted);
  });

  test.each(['/perly/%65vents', '/perly/events;v=1', '/perly/events%', '/perly/events/1'])(
    'but not %s: 404',
    async (target) => {
      expect(await send(target)).toBe(unknown);
    },
  );

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('not by %s: 404', async (method) => {
    expect(await send('/perly/events', { method })).toBe(unknown);
  });

  test('not by HEAD: 404 without its body', async () => {
    const text = unknown.slice(0, unknown.indexOf('{'));
    expect(await send('/perly/events', { method: 'HEAD' })).toBe(text);
  });

  test('OPTIONS names POST', async () => {
    const answered = await send('/perly/events', { method: 'OPTIONS' });
    expect(answered).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answered).toContain('\r\nAllow: POST\r\n');
  });

  test('in chunks: 202', async () => {
    const headers = { 'Content-Length': null, 'Transfer-Encoding': 'chunked' };
    const chunks = [posted.slice(0, 100), posted.slice(100), ''].map(
      (chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`,
    );
    expect(await exchange(head('/perly/events', posted, { headers }), chunks.join(''))).toBe(accepted);
  });

  test('to whoever awaits it: 100, and then 202', async () => {
    const text = await send('/perly/events', { headers: { Expect: '100-continue' } });
    expect(text).toBe(`HTTP/1.1 100 Continue\r\n\r\n${accepted}`);
  });

  test('with a declared length above the limit: 413', async () => {
    const headers = { 'Content-Length': String(1024 * 1024 + 1) };
    expect(await send('/perly/events', { headers })).toBe(
      problem(
        '413 Payload Too Large',
        'too_large',
        'Body too large',
        'The body is larger than this route accepts.',
      ),
    );
  });

  test.each([
    [
      'another type',
      { 'Content-Type': 'text/plain' },
      'not_json_type',
      'Not JSON',
      'Send Content-Type: application/json.',
    ],
    [
      'an encoding',
      { 'Content-Encoding': 'gzip' },
      'encoding_unsupported',
      'Not plain JSON',
      'Send the body without Content-Encoding.',
    ],
  ])('with %s: 415', async (_, headers, code, title, detail) => {
    const expected = problem('415 Unsupported Media Type', code, title, detail);
    expect(await send('/perly/events', { headers })).toBe(expected);
  });

  test('unsigned: 401 with a challenge', async () => {
    expect(await send('/perly/events', { headers: { 'webhook-id': null } })).toBe(
      problem(
        '401 Unauthorized',
        'signature_invalid',
        'The signature is missing or wrong',
        'The header webhook-id is missing.',
        ['WWW-Authenticate: StandardWebhooks realm="perly-slack"'],
      ),
    );
  });

  test('without JSON: 400', async () => {
    const detail = 'The body is not JSON, or nests deeper than 32 levels.';
    expect(await send('/perly/events', { body: '{' })).toBe(
      problem('400 Bad Request', 'not_json', 'Not JSON', detail),
    );
  });

  test('keeps a request id, and logs one line with the template of its path', async () => {
    const headers = { 'X-Request-Id': 'from-a-proxy', 'If-None-Match': '*' };
    for (const target of ['/perly/events', '/perly/events/?a=1']) {
      app.running.logs.length = 0;
      expect(await send(target, { headers })).toMatch(/^HTTP\/1\.1 202 /);
      const lines = app.running.logs.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
      expect(lines).toMatchObject([
        { requestId: 'from-a-proxy', method: 'POST', route: '/perly/events', status: 202 },
      ]);
      posted = JSON.stringify(event());
    }
  });

  test('logs the address of a refused one, as reported by a trusted proxy only', async () => {
    app.running.logs.length = 0;
    await send('/perly/events', { headers: { 'webhook-id': null, 'X-Forwarded-For': '192.0.2.1' } });
    const [line = '{}'] = app.running.logs;
    expect(JSON.parse(line)).toMatchObject({
      route: '/perly/events',
      status: 401,
      address: expect.stringMatching(/127\.0\.0\.1|::1/),
    });
  });
});

describe('POST /perly/events while the app stops', () => {
  test('a request that has begun is still answered', async () => {
    const stopping = await startEventsApp();
    const socket = connect(Number(new URL(stopping.running.url).port), 'localhost');
    const answered = once(socket, 'data');
    await once(socket, 'connect');
    const headers = { Connection: 'keep-alive', Expect: '100-continue' };
    socket.write(head('/perly/events', posted, { headers }));
    expect(String(await answered)).toMatch(/^HTTP\/1\.1 100 /);
    const last = once(socket, 'data');
    const closed = stopping.running.close();
    socket.write(posted);
    expect(String(await last)).toMatch(/^HTTP\/1\.1 202 /);
    socket.destroy();
    await closed;
  });
});
