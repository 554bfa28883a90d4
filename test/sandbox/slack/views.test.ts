import type { App } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { startBolt } from './bolt.ts';
import { connect, start } from './slack.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const divider = { type: 'divider' as const };
const home = (more: object = {}) => ({ type: 'home', blocks: [divider], ...more });
const modal = (more: object = {}) => ({ type: 'modal', title: plain('Rules'), blocks: [divider], ...more });
const textInput = (blockId: string, element: object = {}, more: object = {}) => ({
  type: 'input',
  block_id: blockId,
  label: plain(blockId),
  element: { type: 'plain_text_input', action_id: `${blockId}-in`, ...element },
  ...more,
});

interface Answer {
  ok: boolean;
  error?: string;
  view: { id: string; hash: string; root_view_id: string; previous_view_id: string | null };
  response_metadata?: { messages: string[] };
}

interface Setting {
  slack: LocalSlack;
  app: App;
  /** Calls a method with the bot token. */
  call(method: string, parameters: object, token?: string | null): Promise<Answer>;
  /** A fresh trigger of Dana's, out of a button on her Home tab. */
  trigger(): Promise<string>;
  now: { ms: number };
}

async function setUp(): Promise<Setting> {
  const now = { ms: 1_700_000_000_000 };
  const slack = await start({ clock: () => now.ms });
  const app = await startBolt(slack);
  const { access_token: botToken } = await connect(slack, 'general');
  const call: Setting['call'] = async (method, parameters, token = botToken) => {
    const response = await fetch(slack.apiUrl + method, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(parameters),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };
  const triggers: string[] = [];
  app.action('start', async ({ ack, body }) => {
    if ('trigger_id' in body) triggers.push(body.trigger_id);
    await ack();
  });
  const start_ = {
    type: 'actions',
    elements: [{ type: 'button', action_id: 'start', text: plain('Start') }],
  };
  await call('views.publish', { user_id: 'U0DANA00001', view: home({ blocks: [start_] }) });
  const trigger = async () => {
    await slack.click({ user: 'dana', on: 'home', actionId: 'start' });
    return triggers.at(-1) ?? '';
  };
  return { slack, app, call, trigger, now };
}

describe('the token', () => {
  test('is wanted, and must be known', async () => {
    const { call } = await setUp();
    expect(await call('views.publish', {}, null)).toEqual({ ok: false, error: 'not_authed' });
    expect(await call('views.publish', {}, 'xoxb-1')).toEqual({ ok: false, error: 'invalid_auth' });
    expect(await call('chat.postMessage', {})).toMatchObject({ ok: false, error: 'unknown_method' });
  });
});

describe('views.publish', () => {
  test('keeps the id of a Home tab, and changes its hash', async () => {
    const { call } = await setUp();
    const publish = (hash?: string) =>
      call('views.publish', { user_id: 'U0MILO00002', view: home(), ...(hash !== undefined && { hash }) });
    const first = await publish();
    const second = await publish(first.view.hash);
    expect(second.view.id).toBe(first.view.id);
    expect(second.view.hash).not.toBe(first.view.hash);
    expect(await publish(first.view.hash)).toEqual({ ok: false, error: 'hash_conflict' });
    expect((await publish()).ok).toBe(true);
  });

  test('wants a user of the workspace', async () => {
    const { call } = await setUp();
    expect(await call('views.publish', { user_id: 'U0NOBODY', view: home() })).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] invalid `user_id` [json-pointer:/user_id]'] },
    });
  });

  test('takes a view as JSON in a form, as the SDK sends it', async () => {
    const { app, slack } = await setUp();
    const botToken = slack.installations[0]?.botToken ?? '';
    await app.client.views.publish({
      token: botToken,
      user_id: 'U0MILO00002',
      view: { type: 'home', blocks: [divider] },
    });
    expect(slack.home('milo')?.content).toMatchObject({ type: 'home' });
  });
});

describe('a view that Slack would not show', () => {
  const s = (length: number) => 'x'.repeat(length);
  const many = (length: number) => Array.from({ length }, () => divider);
  type Case = [what: string, limit: number, view: (size: number) => object, pointer: string];
  test.each<Case>([
    ['blocks', 100, (n) => modal({ blocks: many(n) }), '/blocks'],
    ['title', 24, (n) => modal({ title: plain(s(n)) }), '/title/text'],
    ['submit', 24, (n) => modal({ submit: plain(s(n)) }), '/submit/text'],
    ['close', 24, (n) => modal({ close: plain(s(n)) }), '/close/text'],
    ['private_metadata', 3000, (n) => modal({ private_metadata: s(n) }), '/private_metadata'],
    ['callback_id', 255, (n) => modal({ callback_id: s(n) }), '/callback_id'],
    ['external_id', 255, (n) => modal({ external_id: s(n) }), '/external_id'],
  ])('%s beyond %d', async (_what, limit, view, pointer) => {
    const { call, trigger, slack } = await setUp();
    const refused = await call('views.open', { trigger_id: await trigger(), view: view(limit + 1) });
    expect(refused).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(refused.response_metadata?.messages[0]).toMatch(`[json-pointer:/view${pointer}]`);
    expect(slack.refusals.at(-1)).toMatchObject({ where: 'views.open', pointer: `/view${pointer}` });
    expect((await call('views.open', { trigger_id: await trigger(), view: view(limit) })).ok).toBe(true);
  });

  test.each<[what: string, view: object, message: string]>([
    ['no title', { type: 'modal', blocks: [divider] }, 'missing required field: title [json-pointer:/view]'],
    ['no blocks', modal({ blocks: [] }), 'no less than 1 items allowed [json-pointer:/view/blocks]'],
    ['a Home tab', home(), 'unsupported type: home [json-pointer:/view/type]'],
    [
      'a field too many',
      modal({ submit_disabled: true }),
      'invalid additional property: submit_disabled [json-pointer:/view]',
    ],
    [
      'an input but no submit',
      modal({ blocks: [divider, textInput('a')] }),
      'must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]',
    ],
    [
      'two that take the focus',
      modal({
        submit: plain('ok'),
        blocks: [textInput('a', { focus_on_load: true }), textInput('b', { focus_on_load: true })],
      }),
      'only one element may have `focus_on_load` [json-pointer:/view/blocks/1]',
    ],
    [
      'one block_id twice',
      modal({
        blocks: [
          { ...divider, block_id: 'a' },
          { ...divider, block_id: 'a' },
        ],
      }),
      '`block_id` "a" already exists [json-pointer:/view/blocks/1/block_id]',
    ],
    [
      'a wrong block',
      modal({ blocks: [{ type: 'section' }] }),
      'missing required field: text [json-pointer:/view/blocks/0]',
    ],
  ])('has %s', async (_what, view, message) => {
    const { call, trigger } = await setUp();
    const refused = await call('views.open', { trigger_id: await trigger(), view });
    expect(refused.response_metadata?.messages).toEqual([`[ERROR] ${message}`]);
  });

  test('is larger than 250 kB', async () => {
    const { call } = await setUp();
    const text = { type: 'mrkdwn', text: s(3000) };
    const blocks = Array.from({ length: 100 }, () => ({ type: 'section', text }));
    const answer = await call('views.publish', { user_id: 'U0DANA00001', view: home({ blocks }) });
    expect(answer).toEqual({ ok: false, error: 'view_too_large' });
  });

  test('has a modal’s fields on a Home tab', async () => {
    const { call } = await setUp();
    const answer = await call('views.publish', { user_id: 'U0DANA00001', view: home({ title: plain('a') }) });
    expect(answer.response_metadata?.messages).toEqual([
      '[ERROR] invalid additional property: title [json-pointer:/view]',
    ]);
  });

  test('has an external_id that is taken', async () => {
    const { call } = await setUp();
    const publish = (user: string) =>
      call('views.publish', { user_id: user, view: home({ external_id: 'one' }) });
    expect((await publish('U0DANA00001')).ok).toBe(true);
    expect((await publish('U0DANA00001')).ok).toBe(true);
    expect(await publish('U0MILO00002')).toEqual({ ok: false, error: 'duplicate_external_id' });
  });
});

describe('a trigger', () => {
  test('is good for three seconds', async () => {
    const { call, trigger, now } = await setUp();
    const first = await trigger();
    now.ms += 3001;
    expect(await call('views.open', { trigger_id: first, view: modal() })).toMatchObject({
      error: 'expired_trigger_id',
    });
    const second = await trigger();
    now.ms += 3000;
    expect((await call('views.open', { trigger_id: second, view: modal() })).ok).toBe(true);
  });

  test('is good once, and must be one', async () => {
    const { call, trigger } = await setUp();
    const trigger_id = await trigger();
    expect((await call('views.open', { trigger_id, view: modal() })).ok).toBe(true);
    expect(await call('views.open', { trigger_id, view: modal() })).toMatchObject({
      error: 'exchanged_trigger_id',
    });
    expect(await call('views.open', { trigger_id: '1.2.a', view: modal() })).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });
});

describe('views.update', () => {
  test('finds a view by either id, and minds the hash', async () => {
    const { call, trigger, slack } = await setUp();
    const { view } = await call('views.open', {
      trigger_id: await trigger(),
      view: modal({ external_id: 'one' }),
    });
    const update = (parameters: object) =>
      call('views.update', { view: modal({ external_id: 'one' }), ...parameters });
    const updated = await update({ view_id: view.id, hash: view.hash });
    expect(updated.view.id).toBe(view.id);
    expect(await update({ view_id: view.id, hash: view.hash })).toEqual({
      ok: false,
      error: 'hash_conflict',
    });
    expect((await update({ external_id: 'one' })).ok).toBe(true);
    expect(await update({ view_id: 'V0' })).toEqual({ ok: false, error: 'not_found' });
    expect(await update({})).toEqual({ ok: false, error: 'not_found' });
    await slack.closeView('dana');
    expect(await update({ view_id: view.id })).toEqual({ ok: false, error: 'not_found' });
  });

  test('keeps what was typed where block and element stay the same', async () => {
    const { call, trigger, slack } = await setUp();
    const view = modal({ submit: plain('ok'), blocks: [textInput('a'), textInput('b')] });
    const opened = await call('views.open', { trigger_id: await trigger(), view });
    slack.fill('dana', { a: 'typed', b: 'gone' });
    const next = modal({ submit: plain('ok'), blocks: [textInput('a'), textInput('c')] });
    await call('views.update', { view_id: opened.view.id, view: next });
    expect(slack.modals('dana')[0]?.values).toEqual({
      a: { 'a-in': { type: 'plain_text_input', value: 'typed' } },
      c: { 'c-in': { type: 'plain_text_input', value: null } },
    });
  });
});

describe('modals', () => {
  test('are three on one another at most', async () => {
    const { call, trigger, slack, app } = await setUp();
    const triggers: string[] = [];
    app.action('deeper', async ({ ack, body }) => {
      if ('trigger_id' in body) triggers.push(body.trigger_id);
      await ack();
    });
    const view = modal({
      blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'deeper', text: plain('a') }] }],
    });
    const opened = await call('views.open', { trigger_id: await trigger(), view });
    const push = async (method = 'views.push') => {
      await slack.click({ user: 'dana', on: 'modal', actionId: 'deeper' });
      return await call(method, { trigger_id: triggers.at(-1), view });
    };
    const second = await push();
    expect(second.view).toMatchObject({ root_view_id: opened.view.id, previous_view_id: opened.view.id });
    expect((await push('views.open')).error).toBe('invalid_arguments');
    expect((await push()).ok).toBe(true);
    expect(await push()).toEqual({ ok: false, error: 'push_limit_reached' });
    expect(slack.modals('dana')).toHaveLength(3);
  });

  /** Opens a modal of three inputs, whose submission the app answers as is given. */
  async function openForm(response: object | undefined, blocks: object[] = [textInput('why')]) {
    const setting = await setUp();
    const bodies: { view: { state: { values: unknown }; private_metadata: string; callback_id: string } }[] =
      [];
    setting.app.view('form', async ({ ack, body }) => {
      bodies.push(body);
      // Some of the answers are wrong on purpose, and no type would let them through.
      await (response === undefined ? ack() : ack(response as never));
    });
    const view = modal({ callback_id: 'form', private_metadata: 'secret', submit: plain('ok'), blocks });
    await setting.call('views.open', { trigger_id: await setting.trigger(), view });
    return { ...setting, bodies };
  }

  test('tell the app what was filled in, and close', async () => {
    const { slack, bodies } = await openForm(undefined, [
      textInput('why'),
      textInput('more', {}, { optional: true }),
      textInput('delta', { type: 'number_input', is_decimal_allowed: false, initial_value: '15' }),
      {
        type: 'input',
        block_id: 'types',
        label: plain('Types'),
        element: {
          type: 'checkboxes',
          action_id: 'picked',
          options: [
            { text: plain('A'), value: 'a' },
            { text: plain('B'), value: 'b' },
          ],
        },
      },
    ]);
    expect(await slack.submitView('dana', { why: 'because', picked: ['A', 'b'] })).toMatchObject({
      sent: true,
      errors: {},
    });
    expect(bodies).toMatchObject([
      {
        type: 'view_submission',
        trigger_id: expect.any(String),
        view: {
          callback_id: 'form',
          private_metadata: 'secret',
          state: {
            values: {
              why: { 'why-in': { type: 'plain_text_input', value: 'because' } },
              more: { 'more-in': { type: 'plain_text_input', value: null } },
              delta: { 'delta-in': { type: 'number_input', value: '15' } },
              types: { picked: { type: 'checkboxes', selected_options: [{ value: 'a' }, { value: 'b' }] } },
            },
          },
        },
      },
    ]);
    expect(slack.modals('dana')).toEqual([]);
  });

  test.each<[what: string, element: object, typed: string, words: string]>([
    ['nothing', {}, '', 'This is a required field'],
    ['too little', { min_length: 3 }, 'ab', 'Must be at least 3 characters'],
    ['too much', { max_length: 3 }, 'abcd', 'Must be at most 3 characters'],
    ['no number', { type: 'number_input', is_decimal_allowed: true }, 'ab', 'Enter a number'],
    ['a decimal', { type: 'number_input', is_decimal_allowed: false }, '1.5', 'Enter a whole number'],
    [
      'too small a number',
      { type: 'number_input', is_decimal_allowed: false, min_value: '0' },
      '-1',
      'Enter a number that is at least 0',
    ],
    [
      'too large a number',
      { type: 'number_input', is_decimal_allowed: false, max_value: '100' },
      '101',
      'Enter a number that is at most 100',
    ],
    ['no email', { type: 'email_text_input' }, 'ab', 'Enter a valid email address'],
    ['no address', { type: 'url_text_input' }, 'ab', 'Enter a valid URL'],
  ])('stay open, and the app is not asked, when Slack finds %s', async (_what, element, typed, words) => {
    const { slack, bodies } = await openForm(undefined, [textInput('why', element)]);
    expect(await slack.submitView('dana', { why: typed })).toEqual({ sent: false, errors: { why: words } });
    expect(bodies).toEqual([]);
    expect(slack.modals('dana')).toHaveLength(1);
  });

  test('show the errors of the app', async () => {
    const { slack } = await openForm({ response_action: 'errors', errors: { why: 'Say more' } });
    expect(await slack.submitView('dana', { why: 'a' })).toMatchObject({
      sent: true,
      errors: { why: 'Say more' },
    });
    expect(slack.modals('dana')).toHaveLength(1);
  });

  test('are replaced, covered or cleared as the app says', async () => {
    const view = modal({ title: plain('Next') });
    const updated = await openForm({ response_action: 'update', view });
    await updated.slack.submitView('dana', { why: 'a' });
    expect(updated.slack.modals('dana').map(({ content }) => content.title)).toEqual([plain('Next')]);
    const pushed = await openForm({ response_action: 'push', view });
    await pushed.slack.submitView('dana', { why: 'a' });
    expect(pushed.slack.modals('dana').map(({ content }) => content.title)).toEqual([
      plain('Rules'),
      plain('Next'),
    ]);
    const cleared = await openForm({ response_action: 'clear' });
    await cleared.slack.submitView('dana', { why: 'a' });
    expect(cleared.slack.modals('dana')).toEqual([]);
  });

  test.each<[what: string, response: object, pointer: string]>([
    ['an error at no input', { response_action: 'errors', errors: { when: 'a' } }, '/errors'],
    ['no errors', { response_action: 'errors', errors: {} }, '/errors'],
    ['an action of its own', { response_action: 'explode' }, '/response_action'],
    [
      'a view that cannot be shown',
      { response_action: 'update', view: modal({ blocks: [] }) },
      '/view/blocks',
    ],
  ])('say that there was trouble when the app answers with %s', async (_what, response, pointer) => {
    const { slack } = await openForm(response);
    const { errors } = await slack.submitView('dana', { why: 'a' });
    expect(errors).toEqual({ '': 'We had some trouble connecting. Try again?' });
    expect(slack.refusals.at(-1)).toMatchObject({ where: 'view_submission', pointer });
    expect(slack.modals('dana')).toHaveLength(1);
  });

  test('tell the app of their closing where it asked for it', async () => {
    const { app, call, trigger, slack } = await setUp();
    const closed: boolean[] = [];
    app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
      closed.push('is_cleared' in body && body.is_cleared);
      await ack();
    });
    const open = async (more: object) => {
      const view = modal({ callback_id: 'form', ...more });
      await call('views.open', { trigger_id: await trigger(), view });
    };
    await open({});
    expect(await slack.closeView('dana')).toEqual([]);
    await open({ notify_on_close: true });
    await slack.closeView('dana');
    await open({ notify_on_close: true, clear_on_close: true });
    await slack.closeView('dana');
    expect(closed).toEqual([false, true]);
  });
});

describe('elements of a view', () => {
  test('tell the app what was chosen, with the state of all', async () => {
    const { app, call, slack } = await setUp();
    const bodies: unknown[] = [];
    app.action('level', async ({ ack, body }) => {
      bodies.push(body);
      await ack();
    });
    const options = [
      { text: plain('Low'), value: 'low' },
      { text: plain('High'), value: 'high' },
    ];
    const select = { type: 'static_select', action_id: 'level', options };
    const picker = { type: 'timepicker', action_id: 'opens', initial_time: '09:00' };
    const blocks = [{ type: 'actions', block_id: 'rules', elements: [select, picker] }];
    const { view } = await call('views.publish', { user_id: 'U0MILO00002', view: home({ blocks }) });
    await slack.click({ user: 'milo', on: 'home', actionId: 'level', choice: 'High' });
    expect(bodies).toMatchObject([
      {
        container: { type: 'view', view_id: view.id },
        actions: [
          { type: 'static_select', block_id: 'rules', action_id: 'level', selected_option: options[1] },
        ],
        view: {
          hash: view.hash,
          state: {
            values: { rules: { level: { selected_option: options[1] }, opens: { selected_time: '09:00' } } },
          },
        },
      },
    ]);
    expect(bodies[0]).not.toHaveProperty('response_url');
    await expect(
      slack.click({ user: 'milo', on: 'home', actionId: 'level', choice: 'None' }),
    ).rejects.toThrow('"None" is none of low, high');
  });

  test('an input is told of at once only with dispatch_action', async () => {
    const { app, call, trigger, slack } = await setUp();
    const told: unknown[] = [];
    app.action('a-in', async ({ ack, action }) => {
      told.push(action);
      await ack();
    });
    const view = modal({
      submit: plain('ok'),
      blocks: [textInput('a', {}, { dispatch_action: true }), textInput('b')],
    });
    await call('views.open', { trigger_id: await trigger(), view });
    await slack.click({ user: 'dana', on: 'modal', actionId: 'a-in', choice: 'typed' });
    expect(told).toMatchObject([{ type: 'plain_text_input', block_id: 'a', value: 'typed' }]);
    await expect(
      slack.click({ user: 'dana', on: 'modal', actionId: 'b-in', choice: 'typed' }),
    ).rejects.toThrow('is an input');
  });

  test('an external select offers what the app suggests', async () => {
    const { app, call, trigger, slack } = await setUp();
    const berlin = { text: plain('Berlin'), value: 'Europe/Berlin' };
    app.options('zone', async ({ ack, payload }) => {
      await ack({ options: payload.value === 'ber' ? [berlin] : [] });
    });
    const element = { type: 'external_select', action_id: 'zone', min_query_length: 2 };
    const view = modal({
      submit: plain('ok'),
      blocks: [{ type: 'input', block_id: 'z', label: plain('Zone'), element }],
    });
    await call('views.open', { trigger_id: await trigger(), view });
    const on = { user: 'dana', on: 'modal', actionId: 'zone' };
    expect((await slack.suggest({ ...on, query: 'xx' })).options).toEqual([]);
    await expect(slack.suggest({ ...on, query: 'b' })).rejects.toThrow('from 2 characters on');
    expect((await slack.suggest({ ...on, query: 'ber' })).options).toEqual([berlin]);
    slack.fill('dana', { zone: 'Europe/Berlin' });
    expect(slack.modals('dana')[0]?.values).toEqual({
      z: { zone: { type: 'external_select', selected_option: berlin } },
    });
    expect(slack.refusals).toEqual([]);
  });

  test('suggestions that Slack would not show are refused', async () => {
    const { app, call, trigger, slack } = await setUp();
    app.options('zone', async ({ ack }) => {
      await ack({ options: Array.from({ length: 101 }, (_, i) => ({ text: plain('a'), value: `${i}` })) });
    });
    const element = { type: 'external_select', action_id: 'zone' };
    const view = modal({ blocks: [{ type: 'section', text: plain('Zone'), accessory: element }] });
    await call('views.open', { trigger_id: await trigger(), view });
    const { options } = await slack.suggest({ user: 'dana', on: 'modal', actionId: 'zone', query: 'abc' });
    expect(options).toEqual([]);
    expect(slack.refusals).toMatchObject([
      { where: 'block_suggestion', pointer: '/options', message: 'no more than 100 items allowed' },
    ]);
  });
});
