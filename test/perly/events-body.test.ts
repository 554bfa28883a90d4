import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EventsApp, event, startEventsApp } from '../support/events-app.ts';
import { sampleEvent } from '../support/sample-events.ts';

let app: EventsApp;
beforeAll(async () => {
  app = await startEventsApp();
});
afterAll(() => app.running.close());

describe('POST /perly/events: the body', () => {
  test.each([
    ['no JSON', '{"id": '],
    ['nothing', ''],
    ['a word', 'hello'],
  ])('%s: 400', async (_, body) => {
    const answer = await app.post(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ type: 'urn:perly-slack:problem:not_json', status: 400 });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    '%s: 415',
    async (type) => {
      const answer = await app.postJson(event(), { type });
      expect(answer.status).toBe(415);
      expect(answer.type).toBe('application/problem+json');
    },
  );

  test('JSON with a charset is JSON', async () => {
    const answer = await app.postJson(event(), { type: 'application/json; charset=utf-8' });
    expect(answer.status).toBe(202);
  });

  test('a compressed body: 415', async () => {
    const answer = await app.postJson(event(), { headers: { 'content-encoding': 'gzip' } });
    expect(answer.status).toBe(415);
  });

  test('1 MiB is accepted, one byte more is not: 413', async () => {
    const body = JSON.stringify({ ...event(), padding: '' });
    const fill = (length: number) =>
      body.replace('"padding":""', `"padding":"${'x'.repeat(length - body.length)}"`);
    const full = await app.post(fill(1024 * 1024));
    expect(full.status).toBe(202);
    const over = await app.post(fill(1024 * 1024 + 1));
    expect(over.status).toBe(413);
    expect(over.type).toBe('application/problem+json');
  });

  const { customer } = sampleEvent('seed-example');
  test.each<[string, Record<string, unknown>, string]>([
    ['no id', { id: undefined }, 'id'],
    ['an empty id', { id: '' }, 'id'],
    ['an id of 129 characters', { id: 'x'.repeat(129) }, 'id'],
    ['an id with a control character', { id: 'a\u0000b' }, 'id'],
    ['half a surrogate pair', { id: '\ud83d' }, 'id'],
    ['an unknown type', { type: 'customer_lost' }, 'type'],
    ['no account', { account_id: undefined }, 'account_id'],
    ['an object for an account', { account_id: { $ne: null } }, 'account_id'],
    ['a time without an offset', { occurred_at: '2026-03-02T14:05:00' }, 'occurred_at'],
    ['a day that does not exist', { occurred_at: '2026-02-30T14:05:00Z' }, 'occurred_at'],
    ['midnight as the end of a day', { occurred_at: '2026-03-02T24:00:00Z' }, 'occurred_at'],
    ['an offset of a day', { occurred_at: '2026-03-02T12:00:00+24:00' }, 'occurred_at'],
    ['an hour that does not exist', { occurred_at: '2026-03-02T25:05:00Z' }, 'occurred_at'],
    ['no customer', { customer: undefined }, 'customer'],
    ['a blank name', { customer: { ...customer, name: ' \n' } }, 'customer.name'],
    ['another site', { customer: { ...customer, url: 'https://evil.example/c' } }, 'customer.url'],
    ['http', { customer: { ...customer, url: 'http://app.perly.ai/c' } }, 'customer.url'],
    ['a blob', { customer: { ...customer, url: 'blob:https://app.perly.ai/c' } }, 'customer.url'],
    ['user info', { customer: { ...customer, url: 'https://a@app.perly.ai/c' } }, 'customer.url'],
    ['a script', { customer: { ...customer, url: 'javascript:alert(1)' } }, 'customer.url'],
    [
      'a host that only begins alike',
      { customer: { ...customer, url: 'https://app.perly.ai.evil.example/' } },
      'customer.url',
    ],
    [
      'a password in the URL',
      { customer: { ...customer, url: 'https://a:b@app.perly.ai/' } },
      'customer.url',
    ],
    ['no level for a customer at risk', { type: 'customer_at_risk', risk_level: undefined }, 'risk_level'],
    ['an unknown level', { risk_level: 'severe' }, 'risk_level'],
    ['no score for a drop', { health_score: undefined }, 'health_score'],
    ['a drop that rises', { health_score: { current: 32, change: 0 } }, 'health_score.change'],
    ['a score above 100', { health_score: { current: 100.1, change: -1 } }, 'health_score.current'],
    ['a score as text', { health_score: { current: '32', change: -1 } }, 'health_score.current'],
    ['a signal that is a number', { signals: [1] }, 'signals[0]'],
  ])('%s: 422 with the path', async (_, change, path) => {
    const posted = event(change);
    const answer = await app.postJson(posted);
    expect(answer.status).toBe(422);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.get('cache-control')).toBe('no-store');
    expect(answer.body.errors).toContainEqual({ path, message: expect.stringMatching(/\w/) });
    expect(await app.stored(posted.id)).toBe(0);
  });

  test.each<[string, Record<string, unknown>]>([
    ['unknown keys', { next_version: { a: 1 }, __proto__: { admin: true } }],
    ['300 emoji', { summary: '🚀'.repeat(300) }],
    ['an offset', { occurred_at: '2026-03-03T12:00:00.123+05:30' }],
    ['a leap day', { occurred_at: '2028-02-29T00:00:00Z' }],
    ['ids of 128 characters', { id: 'é'.repeat(128) }],
    ['the bounds of a score', { health_score: { current: 0, change: -100 } }],
    ['no signals', { signals: [] }],
  ])('%s: 202', async (_, change) => {
    const answer = await app.postJson(event(change));
    expect(answer.body).toEqual({ accepted: 1, duplicates: 0, rejected: [], warnings: [] });
    expect(answer.status).toBe(202);
  });

  test.each([null, 7, 'text', [], {}])('%j is no event: 422', async (body) => {
    const answer = await app.postJson(body);
    expect(answer.status).toBe(422);
  });

  test('the hostile sample is accepted, and its overlong signal reported', async () => {
    const answer = await app.postJson({ ...sampleEvent('hostile'), account_id: 'acct_demo' });
    expect(answer.status).toBe(202);
    expect(answer.body.warnings.map(({ path }: { path: string }) => path)).toEqual(['signals[1]']);
  });
});
