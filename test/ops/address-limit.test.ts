import { once } from 'node:events';
import express from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listen } from '../../sandbox/slack/server.ts';
import { createAddressKey, createAddressLimit, createClientAddress } from '../../src/ops/address-limit.ts';
import { beginRequest } from '../support/begin-request.ts';

let now = 0;
let server: Awaited<ReturnType<typeof listen>>;
/** Emits `truncate` when a request ended without its body. */
let web: express.Express;
beforeEach(async () => {
  now = 0;
  const limit = createAddressLimit({
    name: 'refused',
    limit: 3,
    addressOf: createAddressKey(createClientAddress(1)),
    counts: (_req, res) => res.statusCode === 415,
    refuse: (res) => res.end('Too many.'),
    now: () => now,
  });
  web = express().use((req, res, next) => {
    if (limit(req, res)) next();
  });
  web.post('/refused', (_req, res) => res.status(415).send());
  web.post('/taken', (_req, res) => res.send());
  web.post('/cut', (req) => req.resume().once('close', () => web.emit('cut')));
  server = await listen(web, 0);
});
afterEach(() => server.close());

const ask = (path: string, from: string) =>
  fetch(`${server.origin}${path}`, { method: 'POST', headers: { 'x-forwarded-for': from } });
const statusOf = async (path: string, from: string) => (await ask(path, from)).status;

test('counts refused requests, and refuses everything from the address for the rest of the minute', async () => {
  for (const status of [415, 415, 415, 429]) expect(await statusOf('/refused', '192.0.2.1')).toBe(status);
  now = 59_000;
  const refused = await ask('/taken', '192.0.2.1');
  expect(refused.status).toBe(429);
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'retry-after': '1',
    'ratelimit-policy': '"refused"; q=3; w=60',
  });
  // Nobody behind a proxy can claim another address, and nobody else is affected.
  expect(await statusOf('/taken', '192.0.2.7, 192.0.2.1')).toBe(429);
  expect(await statusOf('/refused', '192.0.2.2')).toBe(415);
  now = 60_000;
  expect(await statusOf('/taken', '192.0.2.1')).toBe(200);
});

test('counts no request that is accepted or cut off', async () => {
  const together = Array.from({ length: 4 }, () => statusOf('/taken', '192.0.2.1'));
  expect(await Promise.all(together)).toEqual([200, 200, 200, 200]);
  for (let count = 0; count < 4; count++) {
    const isCut = once(web, 'cut');
    const socket = await beginRequest(server.origin, '/cut', { headers: { 'x-forwarded-for': '192.0.2.1' } });
    socket.destroy();
    await isCut;
  }
  expect(await statusOf('/refused', '192.0.2.1')).toBe(415);
});
