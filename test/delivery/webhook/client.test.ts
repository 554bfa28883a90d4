import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { classifyAnswer } from '../../../src/delivery/webhook/classify-response.ts';
import { createWebhookClient } from '../../../src/delivery/webhook/client.ts';
import type { WebhookMessage } from '../../../src/messages/webhook-message.ts';
import { patientAnswerMs } from '../../support/patient-timeouts.ts';

const message: WebhookMessage = { text: 'Grüße 🚀', unfurl_links: false, unfurl_media: false };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function listen(answer: RequestListener): Promise<string> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

/** @param timeoutMs short only in tests without an answer */
async function post(answer: RequestListener, timeoutMs = patientAnswerMs) {
  const origin = await listen(answer);
  const client = createWebhookClient({
    origins: [origin],
    connections: 2,
    timeoutMs,
  });
  const result = await client.post(`${origin}/services/T/B/x`, message);
  await client.close();
  return result;
}

describe('the webhook client', () => {
  test('posts JSON and reads the answer', async () => {
    const seen: unknown[] = [];
    const answer = await post((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        seen.push(
          req.method,
          req.url,
          req.headers['content-type'],
          JSON.parse(Buffer.concat(chunks).toString()),
        );
        res.end('ok\n');
      });
    });
    expect(seen).toEqual(['POST', '/services/T/B/x', 'application/json; charset=utf-8', message]);
    expect(answer).toMatchObject({ kind: 'answered', status: 200, body: 'ok' });
  });

  test('reads the headers', async () => {
    const answer = await post((_req, res) => res.writeHead(429, { 'Retry-After': '30' }).end('rate_limited'));
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
  });

  test.each(['x', ' ', 'ok'])('reads no more than it needs of an endless answer of "%s"', async (text) => {
    const answer = await post((_req, res) => {
      res.writeHead(200);
      const more = () => {
        while (res.write(text.padEnd(10_000, text.at(0) === 'o' ? ' ' : text)));
      };
      res.on('drain', more);
      more();
    });
    expect(answer).toMatchObject({
      kind: 'answered',
      status: 200,
      body: expect.stringMatching(/^.{2000}…$/),
    });
    expect(classifyAnswer(answer, new Date())).toMatchObject({ kind: 'retry', lost: true });
  });

  test.each([
    ['nothing but space', ' '.repeat(5000)],
    ['a page behind it', `${'\n'.repeat(2000)}<html></html>`],
    ['a page after ok', `ok${' '.repeat(2000)}<html></html>`],
  ])('takes no answer for Slack’s that is longer than any of Slack’s: %s', async (_, body) => {
    const answer = await post((_req, res) => res.end(body));
    expect(answer).toMatchObject({ kind: 'answered', status: 200 });
    expect(classifyAnswer(answer, new Date())).toMatchObject({ kind: 'retry', lost: true });
  });

  test('whatever bytes are answered, nothing is sent without ok, and nothing broken without a word of Slack’s', async () => {
    let answer = { status: 200, body: Buffer.alloc(0) };
    const origin = await listen((req, res) => {
      req.resume().on('end', () => res.writeHead(answer.status).end(answer.body));
    });
    const client = createWebhookClient({ origins: [origin], connections: 1, timeoutMs: patientAnswerMs });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 4 }).map((more) => [...Buffer.from('ok'), ...more]),
      fc.uint8Array({ maxLength: 4 }).map((more) => [...more, ...Buffer.from('{"ok":true}')]),
      fc.uint8Array({ maxLength: 2 }).map((more) => [...Buffer.from('no_service'), ...more]),
    );
    const status = fc.oneof(fc.constant(200), fc.integer({ min: 200, max: 599 }));
    await fc.assert(
      fc.asyncProperty(status, bytes, async (status, body) => {
        answer = { status, body: Buffer.from(body) };
        const outcome = classifyAnswer(await client.post(`${origin}/x`, message), new Date());
        const text = answer.body
          .toString()
          .replace(/^\uFEFF/, '')
          .trim();
        if (outcome.kind === 'sent') {
          expect(status).toBeLessThan(300);
          // These statuses have no body.
          if (status !== 204 && status !== 205)
            expect(['', 'ok'].includes(text) || JSON.parse(text).ok === true).toBe(true);
        }
        if (outcome.kind === 'broken') expect(text).toBe('no_service');
        if (outcome.kind === 'wait') expect(outcome.ms ?? 0).toBeLessThanOrEqual(15 * 60_000);
      }),
      { numRuns: 300 },
    );
    await client.close();
  });

  test('an error whose text breaks off is known by its status and headers', async () => {
    const answer = await post((req, res) =>
      req.resume().once('end', () => {
        res.writeHead(429, { 'retry-after': '600', 'content-length': '100' });
        res.write('rate', () => res.destroy());
      }),
    );
    expect(answer).toMatchObject({ kind: 'answered', status: 429, body: '' });
    expect(classifyAnswer(answer, new Date())).toMatchObject({ kind: 'wait', ms: 600_000 });
  });

  test('does not follow a redirect', async () => {
    const answer = await post((_req, res) =>
      res.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    );
    expect(answer).toMatchObject({ kind: 'answered', status: 302 });
  });

  test('an answer that does not arrive, or breaks off, is lost', async () => {
    expect(await post(() => {}, 200)).toEqual({ kind: 'lost', code: 'TIMEOUT' });
    expect(await post((req) => req.socket.destroy())).toMatchObject({ kind: 'lost', code: 'UND_ERR_SOCKET' });
    for (const status of [200, 429])
      expect(await post((_req, res) => void res.writeHead(status).write('o'), 200)).toEqual({
        kind: 'lost',
        code: 'TIMEOUT',
      });
    expect(await post((_req, res) => void res.writeHead(200).write('ok', () => res.destroy()))).toMatchObject(
      { kind: 'lost' },
    );
  });

  test('a server that is not there is unreachable: nothing was accepted', async () => {
    const client = createWebhookClient({
      origins: ['http://127.0.0.1:9'],
      connections: 1,
    });
    expect(await client.post('http://127.0.0.1:9/services/T/B/x', message)).toEqual({
      kind: 'unreachable',
      code: 'ECONNREFUSED',
    });
    await client.close();
  });

  test.each([
    ['does not speak TLS', (socket: Socket) => void socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'cuts the connection in the handshake',
      (socket: Socket) => void socket.once('data', () => socket.destroy()),
    ],
  ])('a server that %s is unreachable too', async (_, onSocket) => {
    const raw = createTcpServer(onSocket);
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    const address = raw.address();
    const origin = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const client = createWebhookClient({ origins: [origin], connections: 1 });
    expect(await client.post(`${origin}/services/T/B/x`, message)).toEqual({
      kind: 'unreachable',
      code: expect.any(String),
    });
    await client.close();
    await new Promise((resolve) => raw.close(resolve));
  });

  test('posts only to the given origins', async () => {
    let requests = 0;
    const origin = await listen((_req, res) => {
      requests += 1;
      res.end('ok');
    });
    const client = createWebhookClient({
      origins: ['https://hooks.slack.com'],
      connections: 1,
    });
    expect(await client.post(`${origin}/services/T/B/x`, message)).toEqual({
      kind: 'unreachable',
      code: 'origin_not_allowed',
    });
    expect(requests).toBe(0);
    await client.close();
  });
});
