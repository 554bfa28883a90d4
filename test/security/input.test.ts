import express from 'express';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { oas31 } from 'zod-openapi';
import type { ApiAnswer } from '../../sandbox/perly/api-client.ts';
import { type Listening, listen } from '../../sandbox/slack/server.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const health = 'T0ACMECS001:C0HEALTH001';
const operators = [{ $ne: null }, { $gt: '' }, { $where: 'sleep(9000)' }, { $in: [health] }, ['x'], 7, true];

let running: TestApp;
let elsewhere: Listening;
let asked = 0;
let strays = 0;
let redirecting: Listening;
beforeAll(async () => {
  elsewhere = await listen(
    express().use((_req, res) => {
      strays++;
      res.send('ok');
    }),
    0,
  );
  redirecting = await listen(
    express().use((_req, res) => {
      asked++;
      res.redirect(307, `${elsewhere.origin}/stolen`);
    }),
    0,
  );
  running = await startTestApp({ shared: true, origins: [redirecting.origin] });
  await running.seedChannel('#customer-health', 'acct_demo');
});
afterAll(async () => {
  await running.close();
  await Promise.all([elsewhere.close(), redirecting.close()]);
});

const channels = () => running.db.collection('channels').find().toArray();

describe('a MongoDB operator in a value has no effect', () => {
  const changes: [string, (value: unknown) => Record<string, unknown>][] = [
    ['id', (value) => ({ id: value })],
    ['account_id', (value) => ({ account_id: value })],
    [
      'customer.id',
      (value) => ({ customer: { id: value, name: 'Acme', url: 'https://app.perly.ai/customers/1' } }),
    ],
    ['type', (value) => ({ type: value })],
  ];
  test.each(changes)('as the %s of an event', async (path, change) => {
    for (const value of operators) {
      const answer = await running.perly.post({ ...sampleEvent('seed-example'), ...change(value) });
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({ errors: [{ path }] });
    }
  });

  test('as the account of a token', async () => {
    const key = Buffer.from(running.config.perly.tokenSecrets[0] ?? '');
    for (const sub of operators) {
      const claims = { sub, aud: 'perly-slack', exp: Math.floor(Date.now() / 1000) + 60 };
      const token = await new SignJWT(JSON.parse(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'HS256' })
        .sign(key);
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(`${running.url}/perly/channels`, { headers })).status).toBe(401);
    }
  });

  test.each(['token', 'link', 'state', 'code'])('as the %s in the URL of a page', async (name) => {
    for (const query of [`${name}[$ne]=1`, `${name}=1&${name}=2`, `${name}[__proto__][x]=1`, `${name}[]=1`])
      for (const path of ['/slack/install', '/slack/link', '/slack/oauth_redirect', '/perly/link']) {
        const answer = await fetch(`${running.url}${path}?${query}`, { redirect: 'manual' });
        expect({ path, query, isFine: answer.status < 500 }).toEqual({ path, query, isFine: true });
      }
  });

  test('anywhere in the settings API: invalid input is refused, and nothing is changed', async () => {
    const before = await channels();
    const api = running.perly.api('acct_demo');
    const document = (await (await fetch(`${running.url}/perly/openapi.json`)).json()) as oas31.OpenAPIObject;
    const items = Object.entries(document.paths ?? {}).filter(([path]) => path !== '/perly/events');
    const answers: [string, ApiAnswer][] = [];
    for (const [template, item] of items)
      for (const method of ['get', 'put', 'post', 'delete'] as const) {
        const operation = item[method];
        if (operation === undefined || template === '/slack/install' || template === '/perly/link') continue;
        const ifMatch = '"0"';
        const bodies =
          operation.requestBody === undefined ? [undefined] : [...operators, { __proto__: null }];
        // A path of our own channel would be a valid request.
        const ids =
          bodies.length > 1 ? [health] : ['{"$ne":null}', '[$ne]', '__proto__', 'constructor', '%00'];
        for (const body of bodies)
          for (const id of template.includes('{') ? ids : ['']) {
            const path = template.replace(/\{\w+\}/, encodeURIComponent(id));
            const query = method === 'get' ? '?cursor[$gt]=&limit[$ne]=1&cursor=%00' : '';
            answers.push([`${method} ${path}`, await api(method, path + query, { body, ifMatch })]);
          }
      }
    expect(answers.length).toBeGreaterThan(40);
    expect(answers.filter(([, { status }]) => status >= 500)).toEqual([]);
    expect(await channels()).toEqual(before);
  });
});

test.each([
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  `{"events":[{"__proto__":{"id":"evt_x"}}]}`,
])('%s changes no prototype', async (body) => {
  const answer = await running.perly.post(JSON.parse(body));
  expect(answer.status).toBe(422);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('an endlessly nested body is refused, for events and for settings', async () => {
  const bottomless = `${'['.repeat(8000)}${']'.repeat(8000)}`;
  const api = running.perly.api('acct_demo');
  const answer = await api('put', `/perly/channels/${health}/rules`, { body: bottomless, ifMatch: '"0"' });
  expect(answer).toMatchObject({ status: 400, body: { type: 'urn:perly-slack:problem:not_json' } });
});

describe('the app calls only allowed addresses', () => {
  test('an answer to a click does not follow a redirect', async () => {
    const answer = await running.slack.sendInteraction({
      type: 'block_actions',
      team: { id: 'T0ACMECS001' },
      user: { id: 'U0DANA00001', team_id: 'T0ACMECS001' },
      trigger_id: '1.2.a',
      channel: { id: 'C0HEALTH001' },
      message: { text: 'Acme', attachments: [{ blocks: [] }] },
      response_url: `${redirecting.origin}/actions/1`,
      actions: [{ type: 'button', action_id: 'acknowledge', block_id: `${'a'.repeat(16)}.00` }],
    });
    expect(answer.status).toBe(200);
    await expect.poll(() => asked).toBe(1);
    await running.seedChannel('#revenue-signals', 'acct_demo');
    expect(strays).toBe(0);
  });

  test('a stored webhook that is no longer on SLACK_WEBHOOK_ORIGINS is not posted to', async () => {
    const other = await startTestApp({
      beside: running,
      env: { SLACK_WEBHOOK_ORIGINS: 'https://hooks.slack.com' },
    });
    const before = running.slack.webhookCalls.length;
    const answer = await other.perly.api('acct_demo')('post', `/perly/channels/${health}/test-alert`);
    expect(answer.body).toMatchObject({ result: 'failed' });
    expect(running.slack.webhookCalls).toHaveLength(before);
    await other.close();
  });
});
