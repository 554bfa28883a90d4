import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { oas31 } from 'zod-openapi';
import type { ApiAnswer, ApiClient } from '../../../sandbox/perly/api-client.ts';
import { signatureHeaders } from '../../../sandbox/perly/client.ts';
import { eventExample, rulesExample } from '../../../src/perly/api/examples.ts';
import { openBrowser } from '../../support/browser.ts';
import { sampleEvent } from '../../support/sample-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';
import { describedApi } from './described-api.ts';

let running: TestApp;
let document: oas31.OpenAPIObject;
let call: ApiClient;
let described: ReturnType<typeof describedApi>;
const health = '/perly/channels/T0ACMECS001:C0HEALTH001';

beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs });
  document = (await (await fetch(`${running.url}/perly/openapi.json`)).json()) as oas31.OpenAPIObject;
  described = describedApi(document);
  call = running.perly.api('acct_demo');
  await running.connect('#customer-health', 'acct_demo');
  await running.connect('#billing-alerts', 'acct_demo');
});
afterAll(() => running.close());

/** Sends a request, and checks the answer against the description. */
async function ask(method: string, path: string, options: Parameters<ApiClient>[2] = {}): Promise<ApiAnswer> {
  const answer = await call(method, path, options);
  described.expectDescribed(method, path.replace(/\?.*/, ''), answer);
  return answer;
}

describe('every answer matches the description', () => {
  test('events', async () => {
    expect(eventExample).toEqual(sampleEvent('seed-example'));
    const { post } = (document.paths?.['/perly/events'] ?? {}) as oas31.PathItemObject;
    const body = post?.requestBody as oas31.RequestBodyObject;
    const examples = Object.values(body.content['application/json']?.examples ?? {});
    for (const { value } of examples as { value: unknown }[]) await expectPosted(value, 202);
    await expectPosted({ ...eventExample, summary: 'Other content' }, 409);
    await expectPosted({ ...eventExample, type: 'nothing' }, 422);
    await expectPosted('{', 400);
    await expectPosted(eventExample, 401, { 'webhook-signature': 'v1,AAAA' });
    await expectPosted(eventExample, 415, { 'content-type': 'text/plain' });
    await expectPosted(`"${'x'.repeat(1024 * 1024)}"`, 413);
    await running.slack.waitForMessages(2, undefined, '#customer-health');
    await expect
      .poll(async () => JSON.stringify((await call('get', `/perly/events/${eventExample.id}`)).body))
      .toContain('"sent"');
    await ask('get', `/perly/events/${eventExample.id}`);
    expect((await ask('get', '/perly/events/none')).status).toBe(404);
  });

  async function expectPosted(event: unknown, status: number, headers: Record<string, string> = {}) {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const secret = running.config.perly.secrets[0] ?? '';
    const answer = await call('post', '/perly/events', {
      body,
      headers: { ...signatureHeaders(secret, body), ...headers },
    });
    expect(answer.status).toBe(status);
    described.expectDescribed('post', '/perly/events', answer);
  }

  test('channels', async () => {
    const list = await ask('get', '/perly/channels?limit=1');
    expect(list.body).toMatchObject({ channels: [{ id: 'T0ACMECS001:C0BILLING01', status: 'active' }] });
    const second = await ask('get', `/perly/channels?limit=1&cursor=${list.body.next_cursor}`);
    expect(second.body).toMatchObject({
      channels: [{ id: 'T0ACMECS001:C0HEALTH001', name: '#customer-health' }],
      next_cursor: null,
    });
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'cursor=MQ'])
      expect((await ask('get', `/perly/channels?${query}`)).status).toBe(422);
    const read = await ask('get', health);
    expect(read.body).toMatchObject({ counts: { held: 0, failed: 0 }, paused_until: null });
    expect(read.body.last_sent_at).toEqual(expect.any(String));

    const until = '2046-03-02T14:05:00+02:00';
    const paused = await ask('put', `${health}/pause`, { body: { until } });
    expect(paused.body).toMatchObject({ status: 'paused', paused_until: '2046-03-02T12:05:00.000Z' });
    const example = { until: 'until_resumed' };
    expect((await ask('put', `${health}/pause`, { body: example })).body).toMatchObject({
      paused_until: 'until_resumed',
    });
    const leapSecond = { until: '2046-06-30t23:59:60z' };
    expect((await ask('put', `${health}/pause`, { body: leapSecond })).body).toMatchObject({
      paused_until: '2046-07-01T00:00:00.000Z',
    });
    for (const wrong of [
      { until: '2026-01-01T00:00:00Z' },
      { until: '9999-12-31T23:59:59-12:00' },
      { until: 'tomorrow' },
      {},
      { ...example, x: 1 },
    ])
      expect((await ask('put', `${health}/pause`, { body: wrong })).status).toBe(422);
    expect((await ask('delete', `${health}/pause`)).body).toMatchObject({ status: 'active' });
    const external = `${health}/external-acknowledge`;
    expect(read.body).toMatchObject({ external_acknowledge: false });
    for (const allowed of [true, false])
      expect((await ask('put', external, { body: { allowed } })).body).toMatchObject({
        external_acknowledge: allowed,
      });
    for (const wrong of [{ allowed: 'yes' }, {}, { allowed: true, x: 1 }])
      expect((await ask('put', external, { body: wrong })).status).toBe(422);
    expect((await ask('post', `${health}/test-alert`)).body).toEqual({ result: 'sent', reason: null });
  });

  test('rules', async () => {
    const read = await ask('get', `${health}/rules`);
    const ifMatch = read.etag ?? '';
    const saved = await ask('put', `${health}/rules`, { body: rulesExample, ifMatch });
    expect(saved).toMatchObject({ status: 200, body: rulesExample });
    expect(saved.etag).not.toBe(ifMatch);
    expect((await ask('get', health)).body).toMatchObject({ rules: rulesExample });
    expect((await ask('put', `${health}/rules`, { body: rulesExample, ifMatch })).status).toBe(412);
    expect((await ask('put', `${health}/rules`, { body: rulesExample })).status).toBe(428);
    let current = saved.etag ?? '';
    const put = (tag: string) => ask('put', `${health}/rules`, { body: rulesExample, ifMatch: tag });
    for (const stale of ['W/"999"', 'word', '"998", "999"', '""', ',', `"${'9'.repeat(400)}"`])
      expect((await put(stale)).status).toBe(412);
    for (const toSame of [
      (tag: string) => `W/${tag}`,
      (tag: string) => `"999", ${tag}`,
      (tag: string) => `W/"999",W/${tag}`,
      (tag: string) => tag.replaceAll('"', ''),
      (tag: string) => tag.replace(/"$/, '-gzip"'),
      (tag: string) => tag.replace(/"$/, ';br"'),
      () => '*',
    ]) {
      const answer = await put(toSame(current));
      expect({ sent: toSame(current), status: answer.status }).toMatchObject({ status: 200 });
      current = answer.etag ?? '';
    }
    const { timing } = rulesExample;
    for (const [change, path] of [
      [{ risk_threshold: 'severe' }, 'risk_threshold'],
      [{ event_types: [] }, 'event_types'],
      [{ score_delta_minimum: 101 }, 'score_delta_minimum'],
      [{ timing: { ...timing, time_zone: 'Mars/Olympus' } }, 'timing.time_zone'],
      [{ timing: { ...timing, days: { mon: { start: '09:00', end: '09:00' } } } }, 'timing.days.mon.end'],
      [{ timing: 'on' }, 'timing'],
      [{ more: 1 }, ''],
    ] as const) {
      const body = { ...rulesExample, ...change };
      const refused = await ask('put', `${health}/rules`, { body, ifMatch: current });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ path }] } });
    }
    expect((await ask('put', `${health}/rules`, { body: '{', ifMatch })).status).toBe(400);
    expect((await ask('put', `${health}/rules`, { body: `"${'x'.repeat(20_000)}"`, ifMatch })).status).toBe(
      413,
    );
    const text = { 'content-type': 'text/plain' };
    expect((await ask('put', `${health}/rules`, { body: 'x', ifMatch, headers: text })).status).toBe(415);
    const history = await running.db.collection('audit').find({ action: 'rules_changed' }).toArray();
    expect(history[0]).toMatchObject({ actor: { kind: 'account', accountId: 'acct_demo' } });
  });

  test('activity and failed deliveries', async () => {
    const activity = await ask('get', `${health}/activity?limit=1`);
    expect(activity.body).toMatchObject({
      activity: [{ event: { id: 'evt_seed_0001' }, outcome: 'sent', reason: null }],
      next_cursor: null,
    });
    const filtered = async (query: string) => (await ask('get', `${health}/activity?${query}`)).body;
    expect(await filtered('outcome=sent&customer_id=cus_acme')).toMatchObject({
      activity: [{ event: { id: 'evt_seed_0001' }, in_digest: false }],
    });
    expect(await filtered('outcome=sent')).toMatchObject({ activity: [{ event: { id: 'evt_seed_0001' } }] });
    expect(await filtered('customer_id=cus_other')).toEqual({ activity: [], next_cursor: null });
    for (const outcome of ['held', 'suppressed', 'failed'])
      expect(await filtered(`outcome=${outcome}`)).toEqual({ activity: [], next_cursor: null });
    expect((await ask('get', `${health}/activity?outcome=lost`)).status).toBe(422);
    await running.db
      .collection('deliveries')
      .updateMany(
        { channelId: 'T0ACMECS001:C0HEALTH001' },
        { $set: { state: 'failed', lastError: 'rollup_error', attempts: 11 } },
      );
    const failed = await ask('get', `${health}/failed-deliveries`);
    expect(failed.body).toMatchObject({
      deliveries: [{ error: 'rollup_error', failed_attempts: 11, event: { id: 'evt_seed_0001' } }],
    });
    expect((await ask('get', health)).body).toMatchObject({ counts: { failed: 1 } });
    const retry = `${health}/failed-deliveries/retry`;
    expect((await ask('post', retry, { body: { ids: ['nothing'] } })).body).toEqual({ retried: 0 });
    expect((await ask('post', retry, { body: { ids: 'all' } })).body).toEqual({ retried: 1 });
    expect((await ask('post', retry, { body: { ids: [] } })).status).toBe(422);
    await expect
      .poll(async () => (await call('get', `${health}/activity`)).body)
      .toMatchObject({ activity: [{ outcome: 'sent' }] });
  });

  test('links, connecting and unlinking', async () => {
    expect((await ask('get', '/perly/links')).body).toMatchObject({
      links: [{ workspace: { id: 'T0ACMECS001', name: 'Acme CS' } }],
    });
    const settings = 'https://app.perly.ai/settings/notifications/slack';
    const link = await ask('post', '/perly/connect-link', {
      body: { return_url: settings, name: 'Northwind' },
    });
    expect(link.status).toBe(201);
    expect(Date.parse(String(link.body.expires_at)) - Date.now()).toBeGreaterThan(500_000);
    const page = await running.slack.install(String(link.body.url), { channel: '#revenue-signals' });
    expect(await page.text()).toContain(settings);
    expect((await openBrowser().get(`${running.url}/slack/install?token=x`)).status).toBe(403);
    const nothing = { return_url: null, name: null };
    expect((await ask('post', '/perly/connect-link', { body: nothing })).status).toBe(201);
    for (const elsewhere of [
      'https://evil.example',
      'https://a:b@app.perly.ai/',
      'blob:https://app.perly.ai/x',
      `https://app.perly.ai/${'é'.repeat(400)}`,
    ])
      expect((await ask('post', '/perly/connect-link', { body: { return_url: elsewhere } })).status).toBe(
        422,
      );

    expect((await ask('delete', '/perly/channels/T0ACMECS001:C0BILLING01')).status).toBe(204);
    expect((await ask('delete', '/perly/channels/T0ACMECS001:C0BILLING01')).status).toBe(404);
    const owner = '/perly/links/T0ACMECS001/owners/own_ana';
    const put = await ask('put', owner, { body: { slack_user: 'U0MILO00002', name: 'Ana' } });
    const ana = { id: 'own_ana', name: 'Ana', slack_user: 'U0MILO00002' };
    expect(put).toMatchObject({ status: 200, body: ana });
    const unnamed = { slack_user: 'U0MILO00002', name: null };
    expect((await ask('put', owner, { body: unnamed })).body).toEqual(ana);
    expect((await ask('get', '/perly/links/T0ACMECS001/owners')).body).toEqual({ owners: [ana] });
    expect((await ask('put', owner, { body: { slack_user: '!here' } })).status).toBe(422);
    expect((await ask('delete', owner)).status).toBe(204);
    expect((await ask('delete', '/perly/links/T0ACMECS001')).status).toBe(204);
    expect((await ask('get', '/perly/links/T0ACMECS001/owners')).status).toBe(404);
    expect((await ask('delete', '/perly/links/T0ACMECS001')).status).toBe(404);
    expect((await ask('get', '/perly/channels')).body).toEqual({ channels: [], next_cursor: null });
    expect((await ask('delete', '/perly/accounts/acct_other')).status).toBe(403);
    expect((await ask('delete', '/perly/accounts/acct_demo')).status).toBe(204);
    expect((await ask('delete', '/perly/accounts/acct_demo')).status).toBe(204);
  });

  test('no operation was left out', () => {
    const ids = Object.values(document.paths ?? {})
      .flatMap((item) => Object.values(item as oas31.PathItemObject))
      .map(({ operationId }: oas31.OperationObject) => operationId);
    const good = [...described.seen].filter((each) => / 2\d\d$/.test(each)).map((each) => each.split(' ')[0]);
    expect(new Set([...good, 'install', 'link'])).toEqual(new Set(ids));
  });
});

describe('the description', () => {
  test('every schema in it compiles, and every example is valid', () => {
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
      const validate = described.getSchema(name);
      expect(validate, name).toBeDefined();
      for (const example of (schema as { examples?: unknown[] }).examples ?? [])
        expect(validate?.(example), JSON.stringify(validate?.errors)).toBe(true);
    }
  });
});

test('the description says which token opens what', () => {
  const { securitySchemes } = document.components ?? {};
  const ofScheme = (name: string) => JSON.stringify(securitySchemes?.[name]);
  expect(ofScheme('apiToken')).toContain('`aud` is `perly-slack`.');
  expect(ofScheme('connectToken')).toContain('`aud` is `perly-slack-connect`;');
  expect(ofScheme('adminToken')).toContain('`aud` is `perly-slack-admin`.');
  const opened: Record<string, unknown> = {};
  for (const item of Object.values(document.paths ?? {}))
    for (const { operationId = '', security } of Object.values(item as Record<string, oas31.OperationObject>))
      opened[operationId] = Object.keys((security ?? document.security)?.[0] ?? {}).join();
  const { postEvents, install, link, deleteAccount, ...rest } = opened;
  expect({ postEvents, install, link, deleteAccount }).toEqual({
    postEvents: 'signature',
    install: 'connectToken',
    link: 'connectToken',
    deleteAccount: 'adminToken',
  });
  expect(new Set(Object.values(rest))).toEqual(new Set(['apiToken']));
});
