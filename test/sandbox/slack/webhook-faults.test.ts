import { describe, expect, test } from 'vitest';
import { type WebhookError, webhookErrors } from '../../../sandbox/slack/webhook-errors.ts';
import { connect, post, start, startWithWebhook } from './slack.ts';

describe('a fault', () => {
  test.each(Object.keys(webhookErrors) as WebhookError[])('of the body %s', async (error) => {
    const { slack, url } = await startWithWebhook();
    slack.failWebhook('customer-health', { error }, 1);
    expect(await post(url, { text: 'a' })).toMatchObject({ status: webhookErrors[error], body: error });
    expect((await post(url, { text: 'b' })).status).toBe(200);
    expect(slack.messages()).toHaveLength(1);
  });

  test('affects its number of requests, one after the other', async () => {
    const { slack, url } = await startWithWebhook();
    slack.failWebhook('customer-health', { status: 500 }, 2);
    slack.failWebhook('*', { status: 429, retryAfter: 7 }, 1);
    const answers = [];
    for (let i = 0; i < 4; i += 1) answers.push(await post(url, { text: 'a' }));
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 429, 200]);
    expect(answers[2]?.headers.get('retry-after')).toBe('7');
    expect(slack.webhookCalls.map(({ faulty }) => faulty)).toEqual([true, true, true, false]);
  });

  test('affects its channel only', async () => {
    const { slack, url } = await startWithWebhook();
    slack.failWebhook('general', { status: 500 });
    expect((await post(url, { text: 'a' })).status).toBe(200);
  });

  test('may cut the connection before the message is accepted', async () => {
    const { slack, url } = await startWithWebhook();
    slack.failWebhook('customer-health', { reset: 'before' });
    await expect(post(url, { text: 'a' })).rejects.toThrow('fetch failed');
    expect(slack.messages()).toEqual([]);
    slack.clearFaults();
    expect((await post(url, { text: 'a' })).status).toBe(200);
  });

  test('may lose the answer to an accepted message', async () => {
    const { slack, url } = await startWithWebhook();
    slack.failWebhook('customer-health', { reset: 'after' }, 1);
    await expect(post(url, { text: 'a' })).rejects.toThrow('fetch failed');
    expect(slack.messages()).toHaveLength(1);
    const [message] = slack.messages();
    expect(slack.webhookCalls).toMatchObject([{ status: 0, faulty: true, messageTs: message?.ts }]);
  });

  test('may let a request hang until it is released', async () => {
    const { slack, url } = await startWithWebhook();
    const fault = slack.failWebhook('customer-health', { hang: 'before' });
    const hit = fault.nextHit();
    const answer = post(url, { text: 'a' });
    await hit;
    expect(slack.messages()).toEqual([]);
    fault.release();
    expect((await answer).status).toBe(200);
    expect(slack.messages()).toHaveLength(1);
  });

  test('may let a request hang whose message was accepted', async () => {
    const { slack, url } = await startWithWebhook();
    const fault = slack.failWebhook('customer-health', { hang: 'after' });
    const answer = post(url, { text: 'a' });
    await slack.waitForMessages(1);
    fault.release();
    expect((await answer).status).toBe(200);
  });

  test('that hangs accepts nothing from an app that has given up', async () => {
    const { slack, url } = await startWithWebhook();
    const fault = slack.failWebhook('customer-health', { hang: 'before' });
    const hit = fault.nextHit();
    const giveUp = new AbortController();
    const answer = fetch(url, { method: 'POST', body: '{"text":"a"}', signal: giveUp.signal });
    await hit;
    const over = new Promise((resolve) => slack.model.once('webhookCall', resolve));
    giveUp.abort();
    await expect(answer).rejects.toThrow();
    await over;
    fault.release();
    slack.clearFaults();
    await post(url, { text: 'b' });
    expect(slack.messages()).toMatchObject([{ payload: { text: 'b' } }]);
  });

  test('may only slow a request down', async () => {
    const { slack, url } = await startWithWebhook();
    slack.failWebhook('customer-health', { delay: 5 }, 1);
    expect((await post(url, { text: 'a' })).status).toBe(200);
  });

  test('of the Web API answers what Slack answers', async () => {
    const slack = await start();
    const { access_token: token } = await connect(slack, 'general');
    const authTest = async () => {
      const response = await fetch(`${slack.apiUrl}auth.test`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return [response.status, response.headers.get('retry-after'), await response.json()];
    };
    slack.failApi('auth.test', { status: 429, retryAfter: 3 }, 1);
    slack.failApi('auth.test', { error: 'fatal_error' }, 1);
    expect(await authTest()).toEqual([429, '3', { ok: false, error: 'ratelimited' }]);
    expect(await authTest()).toEqual([200, null, { ok: false, error: 'fatal_error' }]);
    expect(await authTest()).toMatchObject([200, null, { ok: true, team_id: 'T0ACMECS001' }]);
  });
});

describe('waiting for messages', () => {
  test('ends with the expected message', async () => {
    const { slack, url } = await startWithWebhook();
    const waiting = slack.waitForMessages((all) => all.some(({ payload }) => payload.text === 'b'));
    await post(url, { text: 'a' });
    await post(url, { text: 'b' });
    expect(await waiting).toHaveLength(2);
  });

  test('says what arrived instead', async () => {
    const { slack, url } = await startWithWebhook();
    await post(url, { text: 'a' });
    await post(url, {});
    await expect(slack.waitForMessages(2, 1)).rejects.toThrow(
      '1 messages (last: #customer-health "a"); refused: no_text',
    );
  });
});
