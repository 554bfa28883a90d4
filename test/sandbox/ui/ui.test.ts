import { describe, expect, test } from 'vitest';
import { home, modal, plain, textInput } from '../slack/setup-views.ts';
import { post } from '../slack/slack.ts';
import { setupUi, type UiFixture } from './setup-ui.ts';

const button = (actionId: string) => ({ type: 'button', action_id: actionId, text: plain(actionId) });
const actions = (blockId: string, ...elements: object[]) => ({
  type: 'actions',
  block_id: blockId,
  elements,
});

async function channelOf({ snapshot }: UiFixture, user: string, name = 'customer-health') {
  const { channels } = await snapshot(user);
  const channel = channels.find((one) => one.name === name);
  if (channel === undefined) throw new Error(`${user} sees no #${name}`);
  return channel;
}

/** Waits for the next change that is pushed to the page. */
async function nextChange(url: string): Promise<() => Promise<string>> {
  const response = await fetch(`${url}/api/changes`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const read = async () => (await reader?.read())?.value ?? '';
  await read();
  return read;
}

describe('the page shows', () => {
  test('the channels that a person is in, with their messages and unread counts', async () => {
    const fixture = await setupUi();
    await post(fixture.webhookUrl, { text: 'one' });
    await post(fixture.webhookUrl, { text: 'two' });
    expect(await channelOf(fixture, 'dana')).toMatchObject({
      unread: 2,
      messages: [{ content: { text: 'one' } }, { content: { text: 'two' } }],
    });

    await fixture.post('read', { channel: 'customer-health' });
    expect((await channelOf(fixture, 'dana')).unread).toBe(0);
    expect((await channelOf(fixture, 'milo')).unread).toBe(2);
    await expect(channelOf(fixture, 'milo', 'cs-leads')).rejects.toThrow('milo sees no #cs-leads');
  });

  test('changes, which are pushed to the page', async () => {
    const { url, webhookUrl, snapshot } = await setupUi();
    const change = await nextChange(url);
    await post(webhookUrl, { text: 'news' });
    expect(await change()).toContain('data: changed');
    expect((await snapshot()).refusals).toEqual([]);
  });

  test('what Slack refused, with the path of the error', async () => {
    const { webhookUrl, snapshot } = await setupUi();
    await post(webhookUrl, { blocks: [{ type: 'header', text: plain('x'.repeat(151)) }] });
    expect((await snapshot()).refusals).toMatchObject([
      {
        id: 1,
        where: 'webhook',
        error: 'invalid_blocks',
        pointer: '/blocks/0/text/text',
        message: 'must be less than 151 characters',
        channelName: 'customer-health',
      },
    ]);
  });

  test('the demo’s time, which can be advanced and reset', async () => {
    const { snapshot, post: act } = await setupUi();
    await act('forward', { ms: 3_600_000 });
    expect(await snapshot()).toMatchObject({ ahead: 3_600_000 });
    await act('now');
    expect(await snapshot()).toMatchObject({ ahead: 0 });
  });
});

describe('faults in Slack', () => {
  test('any other answer of Slack, a webhook that is gone, and the removal of the app', async () => {
    const { post: act, webhookUrl, slack } = await setupUi();
    const { answer } = await act('begin-outage');
    expect(answer.done).toContain('next 3 messages');
    for (const status of [503, 503, 503, 200]) {
      expect((await post(webhookUrl, { text: 'a' })).status).toBe(status);
    }

    await act('lose-answer');
    await expect(post(webhookUrl, { text: 'b' })).rejects.toThrow('fetch failed');
    expect(slack.messages('customer-health')).toHaveLength(2);

    await act('block-on-the-way');
    for (const status of [403, 403, 403, 200])
      expect((await post(webhookUrl, { text: 'a' })).status).toBe(status);
    await act('ask-to-wait');
    const asked = await post(webhookUrl, { text: 'a' });
    expect([asked.status, asked.headers.get('retry-after')]).toEqual([429, '30']);
    await act('refuse-customer', { customer: 'Acme' });
    expect((await post(webhookUrl, { text: 'Acme Corp' })).body).toBe('invalid_blocks_format');
    expect((await post(webhookUrl, { text: 'Globex' })).status).toBe(200);
    await act('end-faults');
    expect((await post(webhookUrl, { text: 'Acme Corp' })).status).toBe(200);
    await act('archive-channel', { channel: 'customer-health' });
    expect((await post(webhookUrl, { text: 'a' })).body).toBe('channel_is_archived');
    await act('unarchive-channel', { channel: 'customer-health' });
    expect((await post(webhookUrl, { text: 'a' })).status).toBe(200);

    await act('lose-webhook', { channel: 'customer-health' });
    expect((await post(webhookUrl, { text: 'c' })).body).toBe('no_service');

    const { answer: removed } = await act('remove-app');
    expect(removed.done).toContain('answered 200 and 200');
    expect(slack.installations).toMatchObject([{ active: false }]);
  });
});

describe('what people do on the page', () => {
  test('a click in a message goes to the app, which may answer it for this person alone', async () => {
    const fixture = await setupUi();
    const { app, webhookUrl } = fixture;
    app.action('mute', async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'Muted.', response_type: 'ephemeral', replace_original: false });
    });
    await post(webhookUrl, {
      text: 'Alert',
      attachments: [{ color: '#D92D20', blocks: [actions('row', button('mute'))] }],
    });
    const [message] = (await channelOf(fixture, 'dana')).messages;
    const { answer } = await fixture.post('click', {
      on: message?.ts,
      attachment: 1,
      blockId: 'row',
      actionId: 'mute',
    });
    expect(answer).toEqual({ trouble: false });
    await expect
      .poll(async () => (await channelOf(fixture, 'dana')).messages.at(-1))
      .toMatchObject({ isEphemeral: true, content: { text: 'Muted.' } });
    expect((await channelOf(fixture, 'milo')).messages).toHaveLength(1);
  });

  test('a click that the app does not acknowledge shows an error, and the developer sees why', async () => {
    const fixture = await setupUi();
    await post(fixture.webhookUrl, { blocks: [actions('row', button('nobody'))] });
    const [message] = (await channelOf(fixture, 'dana')).messages;
    const { answer } = await fixture.post('click', {
      on: message?.ts,
      blockId: 'row',
      actionId: 'nobody',
    });
    expect(answer).toEqual({ trouble: true });
    expect((await fixture.snapshot()).refusals).toMatchObject([
      {
        where: 'block_actions',
        error: 'not_acknowledged',
        message: 'the app answered the action nobody with 404',
      },
    ]);
  });

  test('the Home tab opens, a modal opens from it, keeps what is typed, and shows errors', async () => {
    const fixture = await setupUi();
    const { app, snapshot } = fixture;
    app.event('app_home_opened', async ({ client, event }) => {
      const view = home({ blocks: [actions('row', button('edit'))] });
      await client.views.publish({ user_id: event.user, view: view as never });
    });
    const form = modal({
      callback_id: 'form',
      submit: plain('Save'),
      blocks: [textInput('why'), textInput('more', {}, { optional: true })],
    });
    app.action('edit', async ({ ack, body, client }) => {
      await ack();
      if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view: form as never });
    });
    app.view('form', async ({ ack }) => {
      await ack({ response_action: 'errors', errors: { why: 'Say it in other words' } });
    });

    expect((await fixture.post('open-home')).answer).toEqual({ trouble: false });
    await expect.poll(async () => (await snapshot()).home?.blocks).toMatchObject([{ block_id: 'row' }]);
    expect((await snapshot('milo')).home).toBeUndefined();

    await fixture.post('click', { on: 'home', blockId: 'row', actionId: 'edit' });
    await expect.poll(async () => (await snapshot()).modals).toHaveLength(1);
    expect((await fixture.post('submit')).answer).toEqual({ errors: { why: 'This is a required field' } });

    await fixture.post('enter', { on: 'modal', blockId: 'why', actionId: 'why-in', choice: 'because' });
    expect((await snapshot()).modals[0]?.values).toMatchObject({ why: { 'why-in': { value: 'because' } } });
    expect((await fixture.post('submit')).answer).toEqual({ errors: { why: 'Say it in other words' } });

    await fixture.post('close', { all: false });
    expect((await snapshot()).modals).toEqual([]);
  });

  test('options are loaded from the app for what is typed, and the chosen one stays', async () => {
    const fixture = await setupUi();
    const { app, snapshot } = fixture;
    const all = ['Acme', 'Globex'].map((name) => ({ text: plain(name), value: name.toLowerCase() }));
    app.options('customer', async ({ ack, options: { value } }) => {
      await ack({ options: all.filter((option) => option.value.startsWith(value)) });
    });
    const element = { type: 'multi_external_select', action_id: 'customer', min_query_length: 1 };
    const field = { type: 'input', block_id: 'who', label: plain('Who'), element };
    await fixture.slack.openHome('dana');
    const [installation] = fixture.slack.installations;
    await app.client.views.publish({
      token: installation?.botToken ?? '',
      user_id: 'U0DANA00001',
      view: home({ blocks: [field] }) as never,
    });
    const at = { on: 'home', blockId: 'who', actionId: 'customer' };
    expect((await fixture.post('suggest', { ...at, query: 'ac' })).answer).toEqual({
      trouble: false,
      options: [all[0]],
    });
    await fixture.post('enter', { ...at, choice: ['acme'] });
    await fixture.post('suggest', { ...at, query: 'gl' });
    await fixture.post('enter', { ...at, choice: ['acme', 'globex'] });
    expect((await snapshot()).home?.values.who?.customer).toMatchObject({ selected_options: all });
  });

  test.each([
    ['nonsense', 'click', { on: 7 }, 400, 'on'],
    ['an element that is not there', 'click', { on: 'home', blockId: 'a', actionId: 'b' }, 409, 'no home'],
    [
      'a message’s element, to be kept',
      'enter',
      { on: '1.1', blockId: 'a', actionId: 'b', choice: 'x' },
      409,
      '1.1',
    ],
  ])('%s is answered with a message', async (_what, action, body, status, words) => {
    const { post: act } = await setupUi();
    expect(await act(action, body)).toEqual({
      status,
      answer: { error: expect.stringContaining(words) },
    });
  });
});
