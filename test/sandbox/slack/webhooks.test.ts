import { describe, expect, test } from 'vitest';
import { connect, post, start, startWithWebhook } from './slack.ts';

describe('an incoming webhook', () => {
  test('puts the message into its channel and says ok', async () => {
    const { slack, url } = await startWithWebhook();
    const { status, body, headers } = await post(url, { text: 'Hello' });
    expect([status, body, headers.get('content-type')]).toEqual([200, 'ok', 'text/plain; charset=utf-8']);
    expect(slack.messages('#customer-health')).toMatchObject([{ payload: { text: 'Hello' } }]);
    expect(slack.messages('#general')).toEqual([]);
    expect(slack.webhookCalls).toMatchObject([{ status: 200, body: 'ok', faulty: false }]);
  });

  test('accepts a form with a payload', async () => {
    const { slack, url } = await startWithWebhook();
    const body = new URLSearchParams({ payload: JSON.stringify({ text: 'Hello' }) });
    expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
    expect(slack.messages()).toHaveLength(1);
  });

  test.each([
    ['not JSON', '{"text":'],
    ['no object', '["text"]'],
    ['nothing', ''],
    ['broken UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('says invalid_payload to %s', async (_what, body) => {
    const { slack, url } = await startWithWebhook();
    const response = await fetch(url, { method: 'POST', body });
    expect([response.status, await response.text()]).toEqual([400, 'invalid_payload']);
    expect(slack.messages()).toEqual([]);
  });

  test.each([{}, { text: '' }, { blocks: [], attachments: [] }])('says no_text to %o', async (payload) => {
    const { url } = await startWithWebhook();
    expect(await post(url, payload)).toMatchObject({ status: 400, body: 'no_text' });
  });

  test('knows its own address only', async () => {
    const { slack, url } = await startWithWebhook();
    const other = slack.addTeam({ id: 'T0OTHER0001', name: 'Other', domain: 'other' });
    expect(await post(`${url}x`, { text: 'a' })).toMatchObject({ status: 404, body: 'no_service' });
    expect(await post(url.replace('T0ACMECS001', 'T0NOBODY'), { text: 'a' })).toMatchObject({
      body: 'no_team',
    });
    expect(await post(url.replace('T0ACMECS001', other.id), { text: 'a' })).toMatchObject({
      body: 'no_team',
    });
    expect(slack.messages()).toEqual([]);
  });

  test('records which call left which message, and who posted it', async () => {
    const { slack, url } = await startWithWebhook();
    await fetch(url, { method: 'POST', headers: { 'user-agent': 'one' }, body: '{"text":"a"}' });
    await fetch(url, { method: 'POST', headers: { 'user-agent': 'two' }, body: '{' });
    const [message] = slack.messages();
    expect(message?.userAgent).toBe('one');
    expect(slack.webhookCalls.map(({ messageTs }) => messageTs)).toEqual([message?.ts, undefined]);
  });

  test('gives increasing ids even if the clock stands still', async () => {
    const { slack, url } = await startWithWebhook({ enforceRate: false, clock: () => 1_700_000_000_000 });
    await post(url, { text: 'a' });
    await post(url, { text: 'b' });
    expect(slack.messages().map(({ ts }) => ts)).toEqual(['1700000000.000000', '1700000000.000001']);
  });
});

describe('the state of a channel', () => {
  test('shows in the answer', async () => {
    const { slack, url } = await startWithWebhook();
    const channel = '#customer-health';
    const answerNow = async () => (await post(url, { text: 'a' })).body;
    slack.archiveChannel(channel);
    expect(await answerNow()).toBe('channel_is_archived');
    slack.unarchiveChannel(channel);
    expect(await answerNow()).toBe('ok');
    slack.prohibitChannel(channel);
    expect(await answerNow()).toBe('action_prohibited');
    slack.deleteChannel(channel);
    expect(await answerNow()).toBe('channel_not_found');
    slack.revokeWebhooks(channel);
    expect(await answerNow()).toBe('no_service');
    slack.disableTeam();
    expect(await answerNow()).toBe('team_disabled');
    expect(slack.messages()).toHaveLength(1);
  });
});

describe('the pace', () => {
  test('is one message a second for a channel, with a small burst', async () => {
    let now = 1_700_000_000_000;
    const { url } = await startWithWebhook({ clock: () => now });
    const statuses = async (count: number) => {
      const answers = [];
      for (let i = 0; i < count; i += 1) answers.push((await post(url, { text: 'a' })).status);
      return answers;
    };
    expect(await statuses(3)).toEqual([200, 200, 429]);
    now += 1000;
    expect(await statuses(2)).toEqual([200, 429]);
    now += 60_000;
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  test('with a burst of 1 is never above one a second', async () => {
    let now = 1_700_000_000_000;
    const { slack, url } = await startWithWebhook({ clock: () => now, burst: 1 });
    expect((await post(url, { text: 'a' })).status).toBe(200);
    now += 999;
    const refused = await post(url, { text: 'b' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    now += 1;
    expect((await post(url, { text: 'c' })).status).toBe(200);
    expect(slack.messages()).toHaveLength(2);
  });

  test('counts all webhooks of a channel together, and other channels separately', async () => {
    const slack = await start({ clock: () => 1_700_000_000_000, burst: 1 });
    const first = await connect(slack, 'general');
    const second = await connect(slack, 'general');
    const elsewhere = await connect(slack, 'billing-alerts');
    const statuses = [];
    for (const { incoming_webhook: webhook } of [first, second, elsewhere]) {
      statuses.push((await post(webhook.url, { text: 'a' })).status);
    }
    expect(statuses).toEqual([200, 429, 200]);
  });
});
