import type { App, BlockAction } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { startBolt } from './bolt.ts';
import { connect, post, start } from './slack.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const button = (actionId: string, value?: string) => ({
  type: 'button',
  action_id: actionId,
  text: plain(actionId),
  ...(value !== undefined && { value }),
});

/** A local Slack, Bolt as its app, and one message with a button in an attachment. */
async function startWithMessage(options: Parameters<typeof start>[0] = {}) {
  const slack = await start({ enforceRate: false, ...options });
  const app = await startBolt(slack);
  const { incoming_webhook: webhook } = await connect(slack, 'customer-health');
  await post(webhook.url, {
    attachments: [
      {
        fallback: 'first',
        blocks: [{ type: 'actions', elements: [button('mute', 'c1'), button('ack', 'e1')] }],
      },
      { fallback: 'second', blocks: [{ type: 'actions', elements: [button('ack', 'e2')] }] },
    ],
  });
  const [message] = slack.messages();
  if (message === undefined) throw new Error('no message');
  return { slack, app, ts: message.ts };
}

/** Records the payloads that a listener for the action gets. */
function record(app: App, actionId: string): BlockAction[] {
  const bodies: BlockAction[] = [];
  app.action<BlockAction>(actionId, async ({ ack, body }) => {
    bodies.push(body);
    await ack();
  });
  return bodies;
}

describe('a button in a message', () => {
  test('is sent to the app as Slack sends it', async () => {
    const { slack, app, ts } = await startWithMessage();
    const bodies = record(app, 'ack');
    const answer = await slack.click({ user: 'milo', on: ts, actionId: 'ack', attachment: 2 });
    expect(answer).toEqual({ status: 200, body: '' });
    expect(bodies).toEqual([
      {
        type: 'block_actions',
        team: { id: 'T0ACMECS001', domain: 'acme-cs' },
        user: { id: 'U0MILO00002', username: 'milo', name: 'milo', team_id: 'T0ACMECS001' },
        api_app_id: 'A0PERLY0001',
        token: expect.any(String),
        enterprise: null,
        is_enterprise_install: false,
        container: {
          type: 'message_attachment',
          message_ts: ts,
          attachment_id: 2,
          channel_id: 'C0HEALTH001',
          is_ephemeral: false,
          is_app_unfurl: false,
        },
        trigger_id: expect.stringMatching(/^\d+\.\d+\.\w+$/),
        channel: { id: 'C0HEALTH001', name: 'customer-health' },
        message: expect.objectContaining({
          type: 'message',
          ts,
          attachments: [expect.objectContaining({ id: 1 }), expect.objectContaining({ id: 2 })],
        }),
        state: { values: {} },
        response_url: expect.stringMatching(new RegExp(`^${slack.url}/actions/T0ACMECS001/\\d+/\\w{24}$`)),
        actions: [
          {
            type: 'button',
            action_id: 'ack',
            block_id: expect.stringMatching(/^\w{5}$/),
            text: plain('ack'),
            value: 'e2',
            action_ts: expect.any(String),
          },
        ],
      },
    ]);
  });

  test('must be identified without ambiguity', async () => {
    const { slack, ts } = await startWithMessage();
    await expect(slack.click({ user: 'dana', on: ts, actionId: 'ack' })).rejects.toThrow(
      '2 elements are ack',
    );
    await expect(slack.click({ user: 'dana', on: ts, actionId: 'no' })).rejects.toThrow('0 elements are no');
  });

  test('shows when the app does not answer it', async () => {
    const { slack, ts } = await startWithMessage();
    expect((await slack.click({ user: 'dana', on: ts, actionId: 'mute' })).status).toBe(404);
  });

  test('of a Slack with another signing secret is refused by Bolt', async () => {
    const slack = await start();
    const otherSlack = await start({ signingSecret: 'another' });
    await startBolt(slack, otherSlack);
    const payload = { type: 'block_actions', actions: [] };
    expect((await otherSlack.sendInteraction(payload)).status).toBe(401);
    expect((await otherSlack.sendEvent({ type: 'app_home_opened' })).status).toBe(401);
    expect((await slack.sendEvent({ type: 'app_home_opened' })).status).toBe(200);
  });
});

describe('a response_url', () => {
  async function startWithResponseUrl(clock?: () => number) {
    const { slack, app, ts } = await startWithMessage(clock === undefined ? {} : { clock });
    const bodies = record(app, 'mute');
    await slack.click({ user: 'dana', on: ts, actionId: 'mute' });
    const url = bodies[0]?.response_url ?? '';
    return { slack, url, ts };
  }

  test('replaces the message', async () => {
    const { slack, url, ts } = await startWithResponseUrl();
    expect(await post(url, { replace_original: true, text: 'Muted by Dana' })).toMatchObject({ status: 200 });
    expect(slack.messages()).toMatchObject([{ ts, payload: { text: 'Muted by Dana' } }]);
    expect(slack.messages()[0]?.payload.attachments).toBeUndefined();
  });

  test('deletes the message', async () => {
    const { slack, url } = await startWithResponseUrl();
    await post(url, { delete_original: true });
    expect(slack.messages()).toEqual([]);
  });

  test('posts to one person, or to the channel', async () => {
    const { slack, url } = await startWithResponseUrl();
    await post(url, { text: 'for you' });
    await post(url, { text: 'for all', response_type: 'in_channel' });
    expect(slack.messages().slice(1)).toMatchObject([
      { payload: { text: 'for you' }, ephemeralTo: 'U0DANA00001' },
      { payload: { text: 'for all' } },
    ]);
    expect(slack.messages()[2]).not.toHaveProperty('ephemeralTo');
  });

  test('works five times', async () => {
    const { url } = await startWithResponseUrl();
    const answers = [];
    for (let i = 0; i < 6; i += 1) answers.push((await post(url, { text: 'a' })).status);
    expect(answers).toEqual([200, 200, 200, 200, 200, 404]);
    expect((await post(url, { text: 'a' })).body).toBe('{"ok":false,"error":"used_url"}');
  });

  test('works for half an hour', async () => {
    let now = 1_700_000_000_000;
    const { url } = await startWithResponseUrl(() => now);
    now += 30 * 60_000;
    expect((await post(url, { text: 'a' })).status).toBe(200);
    now += 1;
    expect(await post(url, { text: 'a' })).toMatchObject({
      status: 404,
      body: '{"ok":false,"error":"expired_url"}',
    });
  });

  test('refuses what a webhook refuses', async () => {
    const { slack, url } = await startWithResponseUrl();
    const refused = await post(url, { replace_original: true, blocks: [{ type: 'sektion' }] });
    expect(refused).toMatchObject({ status: 400, body: '{"ok":false,"error":"invalid_blocks"}' });
    expect(slack.refusals.at(-1)).toMatchObject({ where: 'response_url', pointer: '/blocks/0/type' });
    expect((await post(`${url}x`, { text: 'a' })).status).toBe(404);
  });

  test('answers as a fault says', async () => {
    const { slack, url, ts } = await startWithResponseUrl();
    slack.failResponseUrl({ error: 'used_url' }, 1);
    slack.failResponseUrl({ status: 200, body: '<html>', type: 'html' }, 1);
    slack.failResponseUrl({ reset: 'after' }, 1);
    const replacement = { replace_original: true, text: 'b' };
    expect(await post(url, replacement)).toMatchObject({ body: '{"ok":false,"error":"used_url"}' });
    expect(await post(url, replacement)).toMatchObject({ status: 200, body: '<html>' });
    expect(slack.messages()[0]?.payload.text).not.toBe('b');
    await expect(post(url, replacement)).rejects.toThrow('fetch failed');
    expect(slack.messages()).toMatchObject([{ ts, payload: { text: 'b' } }]);
    expect(await post(url, replacement)).toMatchObject({ body: '{"ok":true}' });
  });

  test("is what Bolt's respond() uses", async () => {
    const { slack, app, ts } = await startWithMessage();
    const done = new Promise((resolve) => slack.model.once('messageChanged', resolve));
    app.action('mute', async ({ ack, respond }) => {
      await ack();
      await respond({ replace_original: true, text: 'done' });
    });
    await slack.click({ user: 'dana', on: ts, actionId: 'mute' });
    await done;
    expect(slack.messages()).toMatchObject([{ payload: { text: 'done' } }]);
  });
});

describe('events', () => {
  async function listeners() {
    const slack = await start();
    const app = await startBolt(slack);
    await connect(slack, 'general');
    return { slack, app };
  }

  test('url_verification is answered with the challenge', async () => {
    const { slack } = await listeners();
    const answer = await slack.sendUrlVerification('abc');
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('abc')]);
  });

  test('app_home_opened lets the app publish a Home tab', async () => {
    const { slack, app } = await listeners();
    const published = new Promise((resolve) => slack.model.once('viewChanged', resolve));
    app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({
        user_id: event.user,
        view: { type: 'home', blocks: [{ type: 'header', text: plain('Perly') }] },
      });
    });
    expect((await slack.openHome('dana')).status).toBe(200);
    await published;
    expect(slack.home('dana')?.content).toMatchObject({ blocks: [{ text: plain('Perly') }] });
    expect(slack.home('milo')).toBeUndefined();
  });

  test('uninstalling invalidates token and webhooks, and sends the events in the given order', async () => {
    const { slack, app } = await listeners();
    const { access_token: token, incoming_webhook: webhook } = await connect(slack, 'general');
    const received: unknown[] = [];
    app.event('app_uninstalled', async ({ event, body }) => void received.push(event.type, body.team_id));
    app.event('tokens_revoked', async ({ event }) => void received.push(event.type, event.tokens));
    const botUserId = slack.installations[0]?.botUserId;
    const answers = await slack.uninstall('T0ACMECS001', ['app_uninstalled', 'tokens_revoked']);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(received).toEqual([
      'app_uninstalled',
      'T0ACMECS001',
      'tokens_revoked',
      { oauth: [], bot: [botUserId] },
    ]);
    expect(await post(webhook.url, { text: 'a' })).toMatchObject({ status: 404, body: 'no_service' });
    const authTest = await fetch(`${slack.apiUrl}auth.test`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await authTest.json()).toEqual({ ok: false, error: 'account_inactive' });
    const again = await connect(slack, 'general');
    expect(again.access_token).not.toBe(token);
    expect(again.bot_user_id).toBe(botUserId);
    const stillDead = await fetch(`${slack.apiUrl}auth.test`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await stillDead.json()).toEqual({ ok: false, error: 'account_inactive' });
  });
});
