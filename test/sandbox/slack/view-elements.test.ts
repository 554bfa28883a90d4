import { describe, expect, test } from 'vitest';
import { home, modal, plain, setupViews, textInput } from './setup-views.ts';

describe('elements of a view', () => {
  test('send what was chosen, with the state of all', async () => {
    const { app, call, slack } = await setupViews();
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

  test('an input sends changes only with dispatch_action', async () => {
    const { app, call, trigger, slack } = await setupViews();
    const received: unknown[] = [];
    app.action('a-in', async ({ ack, action }) => {
      received.push(action);
      await ack();
    });
    const view = modal({
      submit: plain('ok'),
      blocks: [textInput('a', {}, { dispatch_action: true }), textInput('b')],
    });
    await call('views.open', { trigger_id: await trigger(), view });
    await slack.click({ user: 'dana', on: 'modal', actionId: 'a-in', choice: 'typed' });
    expect(received).toMatchObject([{ type: 'plain_text_input', block_id: 'a', value: 'typed' }]);
    await expect(
      slack.click({ user: 'dana', on: 'modal', actionId: 'b-in', choice: 'typed' }),
    ).rejects.toThrow('is an input');
  });

  test('an external select offers what the app suggests', async () => {
    const { app, call, trigger, slack } = await setupViews();
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

  test('suggestions that Slack would refuse are refused', async () => {
    const { app, call, trigger, slack } = await setupViews();
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
