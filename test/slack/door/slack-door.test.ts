import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../../sandbox/slack/signing.ts';
import { createPayloadReader } from '../../../src/slack/door/payload.ts';
import { actionIds } from '../../../src/slack/views/action-ids.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

const team = 'T0ACMECS001';
const dana = 'U0DANA00001';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
  await running.connect('#customer-health', 'acct_demo');
});
afterAll(() => running.close());

const homeOpened = (change: Record<string, unknown> = {}) => ({
  type: 'event_callback',
  team_id: team,
  event_time: Math.floor(Date.now() / 1000),
  event: { type: 'app_home_opened', user: dana, channel: 'D1', tab: 'messages' },
  ...change,
});

let lastTrigger = 0;

const click = (change: Record<string, unknown> = {}) => ({
  type: 'block_actions',
  team: { id: team },
  user: { id: dana, team_id: team },
  trigger_id: `1.2.${++lastTrigger}`,
  actions: [{ type: 'button', action_id: 'open_in_perly', block_id: 'b' }],
  ...change,
});

const formType = 'application/x-www-form-urlencoded';
const form = (payload: unknown) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

/** Posts a body, signed by the app's secret as it is at `at`. */
function post(
  body: string | Buffer,
  { type = 'application/json', at = Date.now(), headers = {} }: PostOptions = {},
): Promise<Response> {
  const signed = signatureHeaders(running.slack.signingSecret, body.toString(), at);
  return fetch(`${running.url}/slack/events`, {
    method: 'POST',
    headers: { ...signed, 'content-type': type, ...headers },
    body,
  });
}
type PostOptions = { type?: string; at?: number; headers?: Record<string, string> };

const suggestion = () => ({
  type: 'block_suggestion',
  team: { id: team },
  user: { id: dana, team_id: team },
  action_id: actionIds.timeZone,
  block_id: 'b',
  value: 'ber',
});

const postForm = (payload: unknown) => post(form(payload), { type: formType });
const minutes = (count: number) => Date.now() + count * 60_000;

describe('POST /slack/events takes what Slack signed a moment ago', () => {
  test.each([-4, 0, 4])('signed %d minutes from now: taken', async (off) => {
    expect((await post(JSON.stringify(homeOpened()), { at: minutes(off) })).status).toBe(200);
  });

  test.each<[string, PostOptions]>([
    ['more than five minutes ago', { at: minutes(-7) }],
    ['more than five minutes ahead', { at: minutes(7) }],
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

  test('does nothing when it is an interaction, in whichever process it arrives', async () => {
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
  ])('is taken when it is %s', async (_, body, type) => {
    for (const _time of [1, 2]) expect((await post(body(), { type, at })).status).toBe(200);
  });
});

describe('POST /slack/events refuses, in words', () => {
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

describe('POST /slack/events takes and ignores what this app does not use', () => {
  const other = { type: 'button', action_id: 'of_yesterday', block_id: 'b' };
  const submission = (callbackId: string) => ({
    type: 'view_submission',
    team: { id: team },
    user: { id: dana, team_id: team },
    view: { id: 'V1', callback_id: callbackId, private_metadata: '', state: { values: {} } },
  });

  test.each<[string, () => Promise<Response>]>([
    ['a check of the certificate', () => post('ssl_check=1&token=x', { type: formType })],
    ['a slash command', () => post('command=%2Fperly&text=&user_id=U1', { type: formType })],
    [
      'an event that nobody asked for',
      () => post(JSON.stringify(homeOpened({ event: { type: 'message' } }))),
    ],
    [
      'an event with the name of an interaction',
      () => post(JSON.stringify({ ...click(), ...homeOpened({ event: { type: 'block_actions' } }) })),
    ],
    [
      'an event with the name of a check of the address',
      () => post(JSON.stringify({ challenge: 'x', ...homeOpened({ event: { type: 'url_verification' } }) })),
    ],
    [
      'an interaction with the name of an event',
      () => postForm({ ...homeOpened(), type: 'app_home_opened' }),
    ],
    [
      'an interaction with the name of a removal',
      () => postForm({ ...homeOpened(), type: 'app_uninstalled' }),
    ],
    ['an event that is null', () => post(JSON.stringify(homeOpened({ event: null })))],
    [
      'a limit on events',
      () =>
        post(JSON.stringify({ type: 'app_rate_limited', team_id: team, minute_rate_limited: 1518467820 })),
    ],
    ['a shortcut', () => postForm({ type: 'shortcut', user: { id: dana }, callback_id: 'x' })],
    ['a modal that was closed', () => postForm({ type: 'view_closed', user: { id: dana } })],
    ['a click on an element of another version', () => postForm(click({ actions: [other] }))],
    ['a form of another version', () => postForm(submission('of_yesterday'))],
    [
      'a suggestion for an element of another version',
      () => postForm({ ...suggestion(), action_id: 'of_yesterday' }),
    ],
    ['a type of tomorrow', () => post(JSON.stringify({ type: 'something_new' }))],
    ['no type at all', () => post('{}')],
  ])('%s: 200', async (_, send) => {
    const answer = await send();
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });

  test('each id is logged once, and not as an error', async () => {
    const id = `logged_once_${Math.random()}`;
    for (let time = 0; time < 3; time++) await postForm(click({ actions: [{ ...other, action_id: id }] }));
    const lines = running.logs.filter((line) => line.includes(id)).map((line) => JSON.parse(line));
    expect(lines).toMatchObject([{ level: 'warn', type: `block_actions ${id}` }]);
  });

  test('each type is logged once', async () => {
    const type = `logged_once_${Math.random()}`;
    for (let time = 0; time < 3; time++) await post(JSON.stringify({ type }));
    expect(running.logs.filter((line) => line.includes(type))).toHaveLength(1);
  });

  test('what an interaction holds besides cannot make it pass for an event', async () => {
    const answer = await postForm(click({ event: {}, command: '/x', name: 'x' }));
    expect(answer.status).toBe(200);
  });
});

describe('nothing in a payload acts as a query or as code', () => {
  const operators = [{ $ne: null }, { $gt: '' }, { $where: 'sleep(9000)' }, ['a'], 1, true, null];
  const places: [string, (value: unknown) => Promise<Response>][] = [
    ['team.id', (value) => postForm(click({ team: { id: value } }))],
    ['user.id', (value) => postForm(click({ user: { id: value } }))],
    ['channel.id', (value) => postForm(click({ channel: { id: value } }))],
    [
      'actions.0.block_id',
      (value) => postForm(click({ actions: [{ ...click().actions[0], block_id: value }] })),
    ],
    ['team_id', (value) => post(JSON.stringify(homeOpened({ team_id: value })))],
    [
      'event.user',
      (value) =>
        post(JSON.stringify(homeOpened({ event: { type: 'app_home_opened', user: value, tab: 'home' } }))),
    ],
  ];

  test.each(places)('%s has to be text', async (path, send) => {
    for (const operator of operators) {
      const answer = await send(operator);
      expect({ operator, status: answer.status, text: await answer.text() }).toEqual({
        operator,
        status: 400,
        text: `This app cannot use such a payload: see ${path}.`,
      });
    }
  });

  test('keys that mean something to JavaScript change nothing', async () => {
    const polluted = JSON.stringify(click()).replace(
      '{',
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
    );
    const answer = await post(new URLSearchParams({ payload: polluted }).toString(), { type: formType });
    expect(answer.status).toBe(200);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a response_url', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data',
    'https://evil.example/x',
    'file:///etc/passwd',
    'x',
    '',
  ])('%j is not one of Slack, and the click is refused', async (url) => {
    const answer = await postForm(click({ response_url: url }));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('response_url');
  });
});

test('the door uses exactly the events that the manifest asks for', () => {
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
