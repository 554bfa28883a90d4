import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultRules } from '../../src/domain/rules.ts';
import { webhookEventResource } from '../../src/perly/webhooks/webhook-event.ts';
import { eventOf } from '../support/named-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

type ReceivedWebhook = {
  id: string;
  type: string;
  channel: string;
  by: string | null;
  reason: string | null;
};

let perly: Server;
let running: TestApp;
let received: ReceivedWebhook[] = [];
let refusals: number[] = [];
let ids: string[] = [];

beforeAll(async () => {
  perly = createServer((req, res) => {
    ids.push(String(req.headers['webhook-id']));
    const refusal = refusals.shift();
    text(req).then(
      (body) => {
        if (refusal === undefined) received.push(read(req, body));
        res.writeHead(refusal ?? 204).end();
      },
      () => res.destroy(),
    );
  });
  await new Promise<void>((resolve) => perly.listen(0, '127.0.0.1', resolve));
  const { port } = perly.address() as AddressInfo;
  running = await startTestApp({
    shared: true,
    paceMs: shortPaceMs,
    env: { PERLY_NOTIFY_URL: `http://127.0.0.1:${port}/hooks?from=slack` },
  });
});
beforeEach(() => {
  [received, refusals, ids] = [[], [], []];
});
afterAll(async () => {
  await running.close();
  perly.closeAllConnections();
  perly.close();
});

/** Reads a webhook as Perly does, and checks its signature and shape. */
function read({ headers }: IncomingMessage, body: string): ReceivedWebhook {
  const payload = new Webhook(running.config.perly.notifySecrets[0] ?? '').verify(body, headers as never);
  const { type, data } = webhookEventResource.parse(payload);
  return {
    id: String(headers['webhook-id']),
    type,
    channel: data.channel.name,
    by: data.by,
    reason: data.reason,
  };
}

const dana = { kind: 'user', teamId: 'T0ACMECS001', userId: 'U0DANA00001' } as const;
const health = 'T0ACMECS001:C0HEALTH001';
const types = () => received.map(({ type }) => type.replace('channel.', ''));
const outbox = () =>
  running.db.collection('outgoingWebhooks').countDocuments({ channelId: { $exists: true } });

describe('Perly gets a webhook', () => {
  test('when a channel is connected, changes, breaks, is restored and disconnected; in order, signed, once each', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    await running.app.settings.changeRules(health, 1, { ...defaultRules, scoreDeltaMinimum: 5 }, dana);
    await running.app.settings.pause(health, 'until_resumed', dana);
    await running.app.settings.resume(health, dana);
    running.slack.revokeWebhooks('#customer-health');
    await running.perly.post(eventOf('Acme'));
    await expect.poll(types).toContain('broken');
    await running.seedChannel('#customer-health', 'acct_demo');
    await running.perly.api('acct_demo')('delete', `/perly/channels/${health}`);
    await expect.poll(types).toEqual(['connected', 'rules_changed', 'broken', 'restored', 'disconnected']);
    expect(received[0]).toMatchObject({ channel: '#customer-health', by: 'U0DANA00001', reason: null });
    expect(received[2]).toMatchObject({ by: null, reason: expect.stringMatching(/\w/) });
    expect(received[4]).toMatchObject({ by: null });
    expect(new Set(ids).size).toBe(5);
    await expect.poll(outbox).toBe(0);
  });

  test('again until it accepts it, with the same id, and later ones wait', async () => {
    refusals = [302];
    await running.seedChannel('#billing-alerts', 'acct_demo');
    await running.app.settings.disconnect('T0ACMECS001:C0BILLING01', dana);
    await expect.poll(types).toEqual(['connected', 'disconnected']);
    expect(ids).toEqual([received[0]?.id, received[0]?.id, received[1]?.id]);
    expect(running.logs.join('')).toContain('a webhook failed and is retried');
  });

  test('never about a channel without an account', async () => {
    await running.connect('#revenue-signals');
    expect(await outbox()).toBe(0);
    expect(received).toEqual([]);
  });

  test('from another process if the first one died', async () => {
    const { db } = running;
    refusals = [503];
    await running.seedChannel('#cs-escalations', 'acct_demo');
    await expect.poll(() => ids.length).toBe(1);
    await db.collection('outgoingWebhooks').updateMany({}, { $set: { nextAttemptAt: new Date(0) } });
    const next = await startTestApp({
      paceMs: shortPaceMs,
      beside: running,
      env: { PERLY_NOTIFY_URL: running.config.perly.notifyUrl ?? '' },
    });
    await expect.poll(types).toEqual(['connected']);
    await next.close();
    await expect.poll(outbox).toBe(0);
  });

  test('when a workspace removes the app', async () => {
    await running.slack.uninstall();
    await expect.poll(types).toEqual(['disconnected']);
  });
});
