import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slackRequests } from '../../support/slack-requests.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
  await running.seedChannel('#customer-health', 'acct_demo');
});
afterAll(() => running.close());

const { click, formType, homeOpened, post, postForm } = slackRequests(() => running);

describe('nothing in a payload acts as a query or as code', () => {
  const operators = [{ $ne: null }, { $gt: '' }, { $where: 'sleep(9000)' }, ['a'], 1, true, null];
  const places: [string, (value: unknown) => Promise<Response>][] = [
    ['team.id', (value) => postForm(click({ team: { id: value } }))],
    ['user.id', (value) => postForm(click({ user: { id: value } }))],
    [
      'actions.0.block_id',
      (value) => postForm(click({ actions: [{ ...click().actions[0], block_id: value }] })),
    ],
  ];

  test.each(places)('%s has to be text', async (path, send) => {
    for (const operator of operators) {
      const answer = await send(operator);
      expect({ operator, status: answer.status, text: await answer.text() }).toEqual({
        operator,
        status: 400,
        text: `This app cannot read the payload: see ${path}.`,
      });
    }
  });

  test.each([
    ['team_id', (value: unknown) => homeOpened({ team_id: value })],
    [
      'user',
      (value: unknown) => homeOpened({ event: { type: 'app_home_opened', user: value, tab: 'home' } }),
    ],
  ])('an opened Home whose %s is no text does nothing', async (_, payload) => {
    const published = () => running.logs.filter((line) => line.includes("apiCall('views.publish')")).length;
    const before = published();
    for (const operator of [...operators, undefined])
      expect((await post(JSON.stringify(payload(operator)))).status).toBe(200);
    expect(published()).toBe(before);
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
  ])('%j is not on an origin of Slack, and the click is refused', async (url) => {
    const answer = await postForm(click({ response_url: url }));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('response_url');
  });
});

test('an opened Home of a person whose id no key can hold does nothing', async () => {
  const own = await startTestApp();
  await own.seedChannel('#customer-health', 'acct_demo');
  const event = { type: 'app_home_opened', user: 'U'.repeat(4000), tab: 'home' };
  const { homeOpened: opened, post: send } = slackRequests(() => own);
  expect((await send(JSON.stringify(opened({ event })))).status).toBe(200);
  await own.close();
  expect(own.logs.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
