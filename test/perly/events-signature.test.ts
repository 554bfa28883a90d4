import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import { signWebhook, toWebhookKey } from '../../src/perly/standard-webhooks.ts';
import { type EventsApp, event, newest, older, startEventsApp } from '../support/events-app.ts';

let app: EventsApp;
beforeAll(async () => {
  app = await startEventsApp();
});
afterAll(() => app.running.close());

describe('POST /perly/events: the signature', () => {
  test('any of the valid secrets is accepted', async () => {
    for (const secret of [newest, older]) expect((await app.postJson(event(), { secret })).status).toBe(202);
  });

  test('one valid signature among several is enough', async () => {
    const body = JSON.stringify(event());
    const good = signatureHeaders(newest, body);
    const answer = await app.post(body, {
      headers: { ...good, 'webhook-signature': `v1,AAAA v2,xyz ${good['webhook-signature']}` },
    });
    expect(answer.status).toBe(202);
  });

  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  test.each<[string, Parameters<EventsApp['post']>[1]]>([
    ['another secret', { secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` }],
    ['a timestamp of more than five minutes ago', { at: minutes(-5.1) }],
    ['a timestamp of more than five minutes ahead', { at: minutes(60) }],
    ['no id', { headers: { 'webhook-id': '' } }],
    ['no timestamp', { headers: { 'webhook-timestamp': '' } }],
    ['no signature', { headers: { 'webhook-signature': '' } }],
    ['a signature that is none', { headers: { 'webhook-signature': 'v1' } }],
    ['a signature of another version', { headers: { 'webhook-signature': 'v2,AAAA' } }],
    ['a timestamp that is no number', { headers: { 'webhook-timestamp': 'now' } }],
    ['a timestamp beyond all numbers', { headers: { 'webhook-timestamp': '9'.repeat(400) } }],
  ])('%s: 401, and nothing is accepted', async (_, options) => {
    const posted = event();
    const answer = await app.postJson(posted, options);
    expect(answer.status).toBe(401);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status: 401, title: expect.any(String), detail: expect.any(String) });
    expect(await app.stored(posted.id)).toBe(0);
  });

  test.each([-4, 4.9])('a timestamp %d minutes off is fine', async (off) => {
    const answer = await app.postJson(event(), { at: minutes(off) });
    expect(answer.status).toBe(202);
  });

  test('a retry after more than five minutes is signed again: the first signature has expired', async () => {
    const body = JSON.stringify(event());
    const stored = { headers: signatureHeaders(newest, body, minutes(-5.1)) };
    const refused = await app.post(body, stored);
    expect(refused.status).toBe(401);
    expect(refused.body.detail).toContain('Sign each retry with a new timestamp');
    expect((await app.post(body)).body).toMatchObject({ accepted: 1 });
  });

  test('bytes that are not UTF-8 are refused, even if they read the same as signed ones', async () => {
    const text = JSON.stringify(event({ summary: '\uFFFD' }));
    const [before = '', after = ''] = text.split('\uFFFD');
    const answer = await app.post(
      Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]),
      {
        headers: signatureHeaders(newest, text),
      },
    );
    expect(answer.status).toBe(401);
  });

  test('signed bytes that are not UTF-8: 400', async () => {
    const body = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const timestamp = Math.floor(Date.now() / 1000);
    const answer = await app.post(body, {
      headers: {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signWebhook(toWebhookKey(newest), { id: 'msg_1', timestamp }, body),
      },
    });
    expect([answer.status, answer.body.detail]).toEqual([400, 'The body is not UTF-8.']);
  });
});
