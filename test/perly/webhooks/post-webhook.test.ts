import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createPostWebhook } from '../../../src/perly/webhooks/post-webhook.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

test('an address where nobody listens: the fault is the code of the system', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const post = createPostWebhook(`http://127.0.0.1:${port}/hooks?key=hunter2`, secret);
  expect(await post({ _id: 'msg_1', body: '{}' })).toBe('ECONNREFUSED');
});

test('an answer that is not 2xx: the fault is its status', async () => {
  const server = createServer((_req, res) => res.writeHead(307, { location: '/elsewhere' }).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const post = createPostWebhook(`http://127.0.0.1:${port}/`, secret);
  expect(await post({ _id: 'msg_1', body: '{}' })).toBe('HTTP 307');
  await new Promise((resolve) => server.close(resolve));
});
