import { randomBytes, randomUUID } from 'node:crypto';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFreePort } from '../../sandbox/local-environment.ts';
import { findLeaks } from '../support/find-leaks.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
let metricsUrl: string;
beforeAll(async () => {
  const port = await findFreePort();
  metricsUrl = `http://localhost:${port}`;
  running = await startTestApp({ env: { METRICS_PORT: String(port) } });
  await running.connect('#customer-health', 'acct_demo');
  await running.slack.waitForMessages(1);
});
afterAll(() => running.close());

type Line = Record<string, unknown>;
const lines = (): Line[] => running.logs.map((line) => JSON.parse(line) as Line);
const metrics = async () => (await request(metricsUrl).get('/metrics')).text;

/** 0 if the series does not exist. */
async function value(series: string): Promise<number> {
  const line = (await metrics()).split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}

describe('health', () => {
  test('it is alive and ready; only the metrics port names the parts', async () => {
    const parts = { process: 'ok', database: 'ok', indexes: 'ok', agenda: 'ok' };
    for (const [url, body] of [
      [running.url, { status: 'ready' }],
      [metricsUrl, { status: 'ready', parts }],
    ] as const) {
      expect((await request(url).get('/healthz')).status).toBe(200);
      const ready = await request(url).get('/readyz');
      expect(ready.status).toBe(200);
      expect(ready.body).toEqual(body);
    }
  });
});

describe('metrics', () => {
  test('are not on the main port, which is public', async () => {
    expect((await request(running.url).get('/metrics')).status).toBe(404);
    expect((await request(metricsUrl).get('/metrics')).headers['content-type']).toContain('text/plain');
  });

  test('count events, decisions, messages and deliveries, and time the way to Slack', async () => {
    const event = { ...sampleEvent('seed-example'), id: 'evt_counted' };
    await running.perly.post(event);
    await running.perly.post(event);
    await running.perly.post({ events: [{ ...event, id: 'evt_other' }, { id: 'evt_bad' }] });
    // The last counter to change.
    await expect.poll(() => value('perly_slack_deliveries_total{change="sent",error="none"}')).toBe(2);
    const text = await metrics();
    for (const line of [
      'perly_slack_events_total{type="health_score_drop",answer="accepted"} 2',
      'perly_slack_events_total{type="health_score_drop",answer="duplicate"} 1',
      'perly_slack_events_total{type="unknown",answer="invalid"} 1',
      'perly_slack_decisions_total{decision="send",reason="none"} 2',
      'perly_slack_messages_total{kind="alert",answer="refused"} 0',
      'perly_slack_accepted_to_sent_seconds_count{kind="alert"} 2',
      'perly_slack_http_request_seconds_count{method="POST",route="/perly/events",status="202"} 3',
      'perly_slack_database_up 1',
      'perly_slack_held_deliveries 0',
      'perly_slack_broken_channels 0',
      'perly_slack_invalid_installations 0',
    ])
      expect(text).toContain(`${line}\n`);
  });

  test('count what Slack does not accept, by class of error', async () => {
    running.slack.failWebhook('#customer-health', { status: 429, retryAfter: 1 }, 1);
    running.slack.failWebhook('#customer-health', { error: 'invalid_payload' }, 2);
    await running.perly.post({ ...sampleEvent('seed-example'), id: 'evt_refused' });
    await expect.poll(() => value('perly_slack_deliveries_total{change="failed",error="slack"}')).toBe(1);
    expect(await value('perly_slack_messages_total{kind="alert",answer="refused"}')).toBe(2);
    expect(await value('perly_slack_rate_limited_total')).toBe(1);
  });

  test('no label contains an id', async () => {
    expect(await metrics()).not.toMatch(/acct_|evt_|T0ACME|C0[A-Z]/);
  });
});

describe('the log', () => {
  test('follows an event from its POST to its message', async () => {
    await running.perly.post({ ...sampleEvent('seed-example'), id: 'evt_followed' });
    const found = () => lines().filter(({ eventIds }) => [eventIds].flat().includes('evt_followed'));
    await expect.poll(() => found().length).toBe(2);
    const posted = found().find(({ route }) => route !== undefined);
    expect(posted).toMatchObject({
      level: 'info',
      method: 'POST',
      route: '/perly/events',
      status: 202,
      requestId: expect.stringMatching(/^[\w-]{36}$/),
      accountIds: ['acct_demo'],
      accepted: 1,
      duplicates: 0,
      rejected: 0,
    });
    expect(found().find(({ channelId }) => channelId !== undefined)).toMatchObject({
      level: 'info',
      msg: 'alerts sent',
      kind: 'alert',
      state: 'sent',
      alerts: 1,
      attempt: 1,
      msSinceAccepted: expect.any(Number),
    });
  });

  test('names the account of a request', async () => {
    await running.perly.eventStatus('acct_curious', 'evt_unknown');
    await expect
      .poll(() => lines().find(({ accountIds }) => [accountIds].flat().includes('acct_curious')))
      .toMatchObject({ method: 'GET', route: '/perly/events/:id', status: 404 });
  });

  test('names every event of a batch, fifty to a line', async () => {
    const events = Array.from({ length: 120 }, (_, index) => ({
      ...sampleEvent('seed-example'),
      id: `evt_batch_${index}`,
      account_id: 'acct_nobody',
    }));
    const answer = await running.perly.post({ events });
    const requestId = answer.headers.get('x-request-id');
    const named = () => lines().filter((line) => line.requestId === requestId);
    await expect.poll(() => named().length).toBe(3);
    expect(new Set(named().flatMap(({ eventIds }) => eventIds))).toEqual(new Set(events.map(({ id }) => id)));
  });

  test("keeps a proxy's request id, if it is one", async () => {
    const ask = (id: string) => request(running.url).get('/perly/events/x').set('x-request-id', id);
    for (const id of [
      'proxy-1.a:b',
      randomUUID(),
      randomUUID().toUpperCase(),
      randomBytes(16).toString('hex'),
      '01JDZ7K3V9W8Q2M4N6P8R0S2T4',
    ])
      expect((await ask(id)).headers['x-request-id']).toBe(id);
    for (const id of ['a b', 'x'.repeat(65), '"'])
      expect((await ask(id)).headers['x-request-id']).toMatch(/^[\w-]{36}$/);
    await expect.poll(() => lines().some(({ requestId }) => requestId === 'proxy-1.a:b')).toBe(true);
  });

  test('rejects a request id that could be part of a secret', async () => {
    const token = await running.perly.token('acct_demo');
    const [header = '', payload = '', signature = ''] = token.split('.');
    const fixture = [
      header,
      payload.slice(0, 60),
      signature,
      token.slice(-60),
      'xoxb-123456789012-abcdefghijklmnop',
      'whsec_abcdefghijklmnopqrstuvwxyz',
      '1234567.1234567.abcdefabcdef',
      'XqP2mT7vLcR9sKdW4nYb8zHg',
    ];
    for (const id of fixture) {
      const answer = await request(running.url).get('/perly/events/x').set('x-request-id', id);
      expect(answer.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    }
    await request(running.url).get('/perly/events/x').set('x-request-id', 'after-the-parts');
    await expect.poll(() => running.logs.some((line) => line.includes('after-the-parts'))).toBe(true);
    for (const id of fixture) expect(running.logs.join('\n')).not.toContain(id);
  });

  test('shows a path as its template, without its query', async () => {
    await request(running.url).get('/slack/install?token=topsecret');
    await request(running.url).get('/perly/events/evt_topsecret');
    await request(running.url).get('/no/topsecret');
    await expect
      .poll(() =>
        lines()
          .filter(({ msg }) => msg === 'request')
          .map(({ route }) => route),
      )
      .toEqual(expect.arrayContaining(['/slack/install', '/perly/events/:id', 'unknown']));
    expect(running.logs.join('')).not.toContain('topsecret');
  });

  test('shows the address of refused requests only', async () => {
    const refused = await request(running.url).get('/perly/channels').set('x-request-id', 'refused-1');
    expect(refused.status).toBe(401);
    const token = await running.perly.token('acct_demo');
    const accepted = await request(running.url)
      .get('/perly/channels')
      .set({ 'x-request-id': 'taken-1', authorization: `Bearer ${token}` });
    expect(accepted.status).toBe(200);
    const lineOf = (id: string) => lines().find(({ requestId }) => requestId === id);
    await expect.poll(() => lineOf('taken-1')).toBeDefined();
    expect(lineOf('refused-1')).toMatchObject({
      status: 401,
      address: expect.stringMatching(/127\.0\.0\.1|::1/),
    });
    expect(lineOf('taken-1')).not.toHaveProperty('address');
  });

  test('is searched for secrets when a test ends', () => {
    const { config, slack } = running;
    const [webhook] = slack.webhooks;
    const [installation] = slack.installations;
    for (const secret of [
      webhook?.token,
      installation?.botToken,
      config.slack.clientSecret,
      config.appSecrets[0]?.toString('base64'),
      'eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln',
    ])
      expect(findLeaks([`{"at":"${secret}"}`], config, slack)).toHaveLength(1);
    expect(findLeaks(running.logs, config, slack)).toEqual([]);
  });
});

// The last test: after it the app is no longer ready.
test('a process that is stopping says so, and still accepts events', async () => {
  running.app.drain();
  await expect.poll(async () => (await request(running.url).get('/readyz')).status).toBe(503);
  const { body } = await request(metricsUrl).get('/readyz');
  expect(body).toMatchObject({ status: 'not ready', parts: { process: 'stopping', database: 'ok' } });
  expect((await request(running.url).get('/healthz')).status).toBe(200);
  const posted = await running.perly.post({ ...sampleEvent('seed-example'), id: 'evt_late' });
  expect(posted.status).toBe(202);
});
