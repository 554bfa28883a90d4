import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const [older = '', newer = ''] = [1, 2].map(() => `whsec_${randomBytes(32).toString('base64')}`);

let perly: Server;
let running: TestApp;
const received: { headers: IncomingHttpHeaders; body: string }[] = [];
beforeAll(async () => {
  perly = createServer((req, res) => {
    text(req).then(
      (body) => {
        received.push({ headers: req.headers, body });
        res.writeHead(204).end();
      },
      () => res.destroy(),
    );
  });
  await new Promise<void>((resolve) => perly.listen(0, '127.0.0.1', resolve));
  const { port } = perly.address() as AddressInfo;
  running = await startTestApp({
    env: {
      PERLY_NOTIFY_URL: `http://127.0.0.1:${port}/hooks`,
      PERLY_NOTIFY_SECRETS: `${newer},${older}`,
    },
  });
  await running.seedChannel('#customer-health', 'acct_demo');
});
afterAll(async () => {
  await running.close();
  perly.closeAllConnections();
  perly.close();
});

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const names = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

test('the newest of PERLY_NOTIFY_SECRETS signs outgoing webhooks', async () => {
  await expect.poll(() => received.length).toBeGreaterThan(0);
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  expect(new Webhook(newer).verify(body, headersOf(headers))).toMatchObject({ type: 'channel.connected' });
  for (const secret of [older, running.config.perly.secrets[0] ?? ''])
    expect(() => new Webhook(secret).verify(body, headersOf(headers))).toThrow();
});

test('an outgoing webhook sent back to the app is not from Perly: 401', async () => {
  await expect.poll(() => received.length).toBeGreaterThan(0);
  for (const { headers, body } of received) {
    const answer = await fetch(`${running.url}/perly/events`, {
      method: 'POST',
      headers: headersOf(headers),
      body,
    });
    expect(answer.status).toBe(401);
  }
});
