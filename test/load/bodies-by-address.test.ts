import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import { signatureHeaders as slackHeaders } from '../../sandbox/slack/signing.ts';
import { beginRequest, statusOf } from '../support/begin-request.ts';
import { flood } from '../support/flood.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { setupLimitedApp } from '../support/setup-limited-app.ts';

const app = setupLimitedApp();

const wrongSecret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const signedByOthers = {
  '/perly/events': () => signatureHeaders(wrongSecret, 'another body'),
  '/slack/events': () => slackHeaders('not the secret', 'another body', Date.now()),
};
const stranger = '192.0.2.9';
const perly = '192.0.2.1';

/** Bodies of 1 MiB that fill the budget of 64 MiB, and how many more are sent. Few enough to arrive before the first times out. */
const fill = 64;
const evicted = 10;
const maxRefusedRequests = 1200;
const largeBody = 1024 * 1024 - 1;

test.each(['/perly/events', '/slack/events'] as const)(
  'an address that starts large bodies at %s evicts its own, and each counts as refused',
  async (path) => {
    const event = { ...sampleEvent('seed-example'), id: `evt${path}`, account_id: 'acct_x' };
    const body = JSON.stringify(event).padEnd(500_000);
    const signed = signatureHeaders(app.running.config.perly.secrets[0] ?? '', body);
    const unsigned = () =>
      fetch(`${app.running.url}${path}`, { method: 'POST', headers: { 'x-forwarded-for': stranger } });
    expect((await flood(maxRefusedRequests - evicted, unsigned)).statuses).toEqual({
      415: maxRefusedRequests - evicted,
    });
    const honest = await beginRequest(app.running.url, '/perly/events', {
      headers: { ...signed, 'x-forwarded-for': perly },
      length: body.length,
      sent: body.slice(0, -1),
    });
    const headers = { ...signedByOthers[path](), 'x-forwarded-for': stranger };
    const statuses = new Map<number, number>();
    const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const open = new Set<Socket>();
    for (let sent = 0; sent < fill + evicted; sent++) {
      const socket = await beginRequest(app.running.url, path, { headers, sent: largeBody });
      open.add(socket);
      void statusOf(socket).then(
        (status) => {
          open.delete(socket);
          count(status);
        },
        () => {},
      );
    }
    await expect.poll(() => statuses.get(503)).toBeGreaterThanOrEqual(evicted);
    const more = await beginRequest(app.running.url, path, { headers, sent: 1 });
    expect(await statusOf(more)).toBe(429);
    honest.write(body.slice(-1));
    expect(await statusOf(honest)).toBe(202);
    for (const socket of open) socket.destroy();
  },
);
