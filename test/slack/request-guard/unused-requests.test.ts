import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slackRequests } from '../../support/slack-requests.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

const team = 'T0ACMECS001';
const dana = 'U0DANA00001';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
  await running.seedChannel('#customer-health', 'acct_demo');
});
afterAll(() => running.close());

const { click, formType, homeOpened, post, postForm, suggestion } = slackRequests(() => running);

describe('POST /slack/events accepts and ignores what this app does not use', () => {
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
    [
      'such a click, whatever else is in it',
      () => postForm({ ...click({ actions: [{ action_id: 'of_yesterday', value: 7 }] }), user: null }),
    ],
    ['a form of another version', () => postForm(submission('of_yesterday'))],
    [
      'such a form, whatever is in it',
      () => postForm({ ...submission('of_yesterday'), view: { callback_id: 'of_yesterday', state: [7] } }),
    ],
    [
      'a suggestion for an element of another version',
      () => postForm({ ...suggestion(), action_id: 'of_yesterday' }),
    ],
    [
      'such a suggestion, whatever is typed',
      () => postForm({ ...suggestion(), action_id: 'of_yesterday', value: null }),
    ],
    ['a click whose channel is no channel', () => postForm(click({ channel: 7 }))],
    ['an unknown type', () => post(JSON.stringify({ type: 'something_new' }))],
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

  test('nothing else in an interaction can make it pass for an event', async () => {
    const answer = await postForm(click({ event: {}, command: '/x', name: 'x' }));
    expect(answer.status).toBe(200);
  });
});
