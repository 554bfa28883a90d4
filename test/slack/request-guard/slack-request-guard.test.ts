import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../../sandbox/slack/signing.ts';
import { createPayloadReader } from '../../../src/slack/request-guard/payload.ts';
import { type PostOptions, slackRequests } from '../../support/slack-requests.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

const dana = 'U0DANA00001';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ shared: true });
  await running.seedChannel('#customer-health', 'acct_demo');
});
afterAll(() => running.close());

const { click, form, formType, homeOpened, post, postForm, suggestion } = slackRequests(() => running);
const minutes = (count: number) => Date.now() + count * 60_000;

describe('POST /slack/events accepts recent requests signed by Slack', () => {
  test.each([-4, 0, 4])('signed %d minutes from now: accepted', async (off) => {
    expect((await post(JSON.stringify(homeOpened()), { at: minutes(off) })).status).toBe(200);
  });

  test.each<[string, PostOptions]>([
    ['more than five minutes ago', { at: minutes(-7) }],
    ['more than five minutes ahead', { at: minutes(60) }],
    ['years ahead', { at: Date.parse('2046-01-01') }],
    ['by nobody', { headers: { 'x-slack-signature': '' } }],
    ['by somebody else', { headers: { 'x-slack-signature': `v0=${'0'.repeat(64)}` } }],
    ['in another version', { headers: { 'x-slack-signature': `v1=${'0'.repeat(64)}` } }],
    ['at no time', { headers: { 'x-slack-request-timestamp': '' } }],
    ['at a time that is no number', { headers: { 'x-slack-request-timestamp': 'Infinity' } }],
    [
      'for another time',
      { headers: { 'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000) - 9) } },
    ],
  ])('signed %s: 401', async (_, options) => {
    const answer = await post(JSON.stringify(homeOpened()), options);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toMatch(/^The signature is missing or wrong/);
  });

  test.each([
    ['application/json; charset=utf-8', () => JSON.stringify(homeOpened())],
    [`${formType}; charset=UTF-8`, () => form(click())],
    ['APPLICATION/X-WWW-FORM-URLENCODED', () => form(click())],
  ])('the type %s is as good as the plain one', async (type, body) => {
    expect((await post(body(), { type })).status).toBe(200);
  });
});

describe('a signed request that is sent again', () => {
  const at = Date.now();

  test('does nothing if it is an interaction, in any process', async () => {
    const other = await startTestApp({ beside: running });
    const body = form(click());
    const again = async (url: string) => {
      const headers = {
        ...signatureHeaders(running.slack.signingSecret, body, at),
        'content-type': formType,
      };
      const answer = await fetch(`${url}/slack/events`, { method: 'POST', headers, body });
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    };
    for (const url of [running.url, running.url, other.url, other.url]) await again(url);
    const ignored = ({ logs }: TestApp) => logs.filter((line) => line.includes('that was sent again')).length;
    expect([ignored(running), ignored(other)]).toEqual([1, 2]);
    await other.close();
  });

  test.each([
    [
      'an event, which Slack repeats',
      () => JSON.stringify(homeOpened({ event_time: 1 })),
      'application/json',
    ],
    ['a suggestion, which only reads', () => form(suggestion()), formType],
  ])('is accepted when it is %s', async (_, body, type) => {
    for (const _time of [1, 2]) expect((await post(body(), { type, at })).status).toBe(200);
  });
});

describe('POST /slack/events refuses with a text', () => {
  const megabyte = 'x'.repeat(1024 * 1024);
  test.each<[number, string, () => Promise<Response>]>([
    [415, 'another type', () => post('hello', { type: 'text/plain' })],
    [415, 'a compressed body', () => post('{}', { headers: { 'content-encoding': 'gzip' } })],
    [413, 'more than 1 MiB', () => post(JSON.stringify(homeOpened({ more: megabyte })))],
    [400, 'what is not JSON', () => post('{')],
    [400, 'a form with two payloads', () => post(`${form(click())}&${form(click())}`, { type: formType })],
    [400, 'null', () => post('null')],
    [400, 'a list', () => post('[]')],
    [400, 'JSON nested ten thousand deep', () => post(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
    [400, 'a click on nothing', () => postForm(click({ actions: [] }))],
  ])('%d for %s', async (status, _, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toMatch(/\.$/);
  });

  test('bytes that are not UTF-8', async () => {
    const body = Buffer.from(JSON.stringify(homeOpened({ more: '\uFFFD' })));
    const broken = Buffer.from(body.toString('latin1').replace('\xef\xbf\xbd', '\xff'), 'latin1');
    const headers = signatureHeaders(running.slack.signingSecret, body.toString(), Date.now());
    expect((await post(broken, { headers })).status).toBe(401);
  });
});

test('the guard passes exactly the events that the manifest asks for', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../manifest.json', import.meta.url), 'utf8'));
  const read = createPayloadReader([]);
  const isUsed = (type: string) =>
    ['used', 'removal'].includes(
      read(homeOpened({ event: { type, user: dana, tab: 'home', tokens: {} } })).kind,
    );
  expect(manifest.settings.event_subscriptions.bot_events.filter((type: string) => !isUsed(type))).toEqual(
    [],
  );
  expect(isUsed('message')).toBe(false);
});
