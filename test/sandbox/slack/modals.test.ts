import { describe, expect, test } from 'vitest';
import { modal, plain, setupViews, textInput } from './setup-views.ts';

describe('modals', () => {
  test('are stacked three deep at most', async () => {
    const { call, trigger, slack, app } = await setupViews();
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

  /** Opens a modal with three inputs. The app answers its submission with `response`. */
  async function openForm(response: object | undefined, blocks: object[] = [textInput('why')]) {
    const fixture = await setupViews();
    const bodies: { view: { state: { values: unknown }; private_metadata: string; callback_id: string } }[] =
      [];
    fixture.app.view('form', async ({ ack, body }) => {
      bodies.push(body);
      // Some of the responses are invalid on purpose, so no type fits.
      await (response === undefined ? ack() : ack(response as never));
    });
    const view = modal({ callback_id: 'form', private_metadata: 'secret', submit: plain('ok'), blocks });
    await fixture.call('views.open', { trigger_id: await fixture.trigger(), view });
    return { ...fixture, bodies };
  }

  test('send what was filled in, and close', async () => {
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
  ])('stay open, and the app is not asked, if Slack finds %s', async (_what, element, typed, words) => {
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
  ])('show an error when the app answers with %s', async (_what, response, pointer) => {
    const { slack } = await openForm(response);
    const { errors } = await slack.submitView('dana', { why: 'a' });
    expect(errors).toEqual({ '': 'We had some trouble connecting. Try again?' });
    expect(slack.refusals.at(-1)).toMatchObject({ where: 'view_submission', pointer });
    expect(slack.modals('dana')).toHaveLength(1);
  });

  test('report their closing if the app asked for it', async () => {
    const { app, call, trigger, slack } = await setupViews();
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
