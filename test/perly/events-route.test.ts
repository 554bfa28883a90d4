import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../sandbox/perly/client.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const older = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const newest = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ env: { PERLY_SECRETS: `${newest},${older}` } });
  await running.connect('#customer-health', 'acct_demo');
});
afterAll(() => running.close());

const seed = sampleEvent('seed-example');
let lastId = 0;
/** The seed example with an id of its own, and whatever is changed. */
function event(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...seed, id: `evt_${++lastId}`, ...change };
}

/** Posts bytes as they are, signed with `secret` at `at`. */
function post(
  body: string | Buffer,
  options: { secret?: string; at?: Date; headers?: Record<string, string>; type?: string } = {},
) {
  const { secret = newest, at = new Date(), headers = {}, type = 'application/json' } = options;
  return request(running.url)
    .post('/perly/events')
    .set({ ...signatureHeaders(secret, body.toString(), at), ...headers })
    .type(type)
    .serialize((bytes: unknown) => bytes as string)
    .send(body);
}
const postJson = (body: unknown, options?: Parameters<typeof post>[1]) => post(JSON.stringify(body), options);

async function stored(id: unknown): Promise<number> {
  return running.db.collection('events').countDocuments({ eventId: id });
}

describe('POST /perly/events: the signature', () => {
  test('any of the valid secrets will do', async () => {
    for (const secret of [newest, older]) {
      const answer = await postJson(event(), { secret });
      expect(answer.status).toBe(202);
    }
  });

  test('a signature among several will do', async () => {
    const body = JSON.stringify(event());
    const good = signatureHeaders(newest, body);
    const answer = await post(body, {
      headers: { ...good, 'webhook-signature': `v1,AAAA v2,xyz ${good['webhook-signature']}` },
    });
    expect(answer.status).toBe(202);
  });

  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  test.each<[string, Parameters<typeof post>[1]]>([
    ['another secret', { secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` }],
    ['a timestamp of more than five minutes ago', { at: minutes(-5.1) }],
    ['a timestamp of more than five minutes ahead', { at: minutes(6) }],
    ['no id', { headers: { 'webhook-id': '' } }],
    ['no timestamp', { headers: { 'webhook-timestamp': '' } }],
    ['no signature', { headers: { 'webhook-signature': '' } }],
    ['a signature that is none', { headers: { 'webhook-signature': 'v1' } }],
    ['a signature of another version', { headers: { 'webhook-signature': 'v2,AAAA' } }],
    ['a timestamp that is no number', { headers: { 'webhook-timestamp': 'now' } }],
    ['a timestamp beyond all numbers', { headers: { 'webhook-timestamp': '9'.repeat(400) } }],
  ])('%s: 401, and nothing is taken', async (_, options) => {
    const posted = event();
    const answer = await postJson(posted, options);
    expect(answer.status).toBe(401);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status: 401, title: expect.any(String), detail: expect.any(String) });
    expect(await stored(posted.id)).toBe(0);
  });

  test.each([-4, 4.9])('a timestamp %d minutes off is fine', async (off) => {
    const answer = await postJson(event(), { at: minutes(off) });
    expect(answer.status).toBe(202);
  });

  test('bytes that are not UTF-8 are refused, though they read the same as signed ones', async () => {
    const text = JSON.stringify(event({ summary: '\uFFFD' }));
    const [before = '', after = ''] = text.split('\uFFFD');
    const answer = await post(Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]), {
      headers: signatureHeaders(newest, text),
    });
    expect(answer.status).toBe(400);
  });
});

describe('POST /perly/events: the body', () => {
  test.each([
    ['no JSON', '{"id": '],
    ['nothing', ''],
    ['a word', 'hello'],
  ])('%s: 400', async (_, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ type: 'urn:perly-slack:problem:not_json', status: 400 });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    '%s: 415',
    async (type) => {
      const answer = await postJson(event(), { type });
      expect(answer.status).toBe(415);
      expect(answer.type).toBe('application/problem+json');
    },
  );

  test('JSON with a charset is JSON', async () => {
    const answer = await postJson(event(), { type: 'application/json; charset=utf-8' });
    expect(answer.status).toBe(202);
  });

  test('a compressed body: 415', async () => {
    const answer = await postJson(event(), { headers: { 'content-encoding': 'gzip' } });
    expect(answer.status).toBe(415);
  });

  test('1 MiB is taken, one byte more is not: 413', async () => {
    const body = JSON.stringify({ ...event(), padding: '' });
    const fill = (length: number) =>
      body.replace('"padding":""', `"padding":"${'x'.repeat(length - body.length)}"`);
    const full = await post(fill(1024 * 1024));
    expect(full.status).toBe(202);
    const over = await post(fill(1024 * 1024 + 1));
    expect(over.status).toBe(413);
    expect(over.type).toBe('application/problem+json');
  });

  const { customer } = seed;
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
    ['an hour that does not exist', { occurred_at: '2026-03-02T25:05:00Z' }, 'occurred_at'],
    ['no customer', { customer: undefined }, 'customer'],
    ['a blank name', { customer: { ...customer, name: ' \n' } }, 'customer.name'],
    ['another site', { customer: { ...customer, url: 'https://evil.example/c' } }, 'customer.url'],
    ['http', { customer: { ...customer, url: 'http://app.perly.ai/c' } }, 'customer.url'],
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
    ['a long summary', { summary: 'x'.repeat(301) }, 'summary'],
    ['21 signals', { signals: Array(21).fill('x') }, 'signals'],
    ['a long signal', { signals: ['x', 'x'.repeat(201)] }, 'signals[1]'],
    ['a signal that is a number', { signals: [1] }, 'signals[0]'],
    ['9 details', { details: Array(9).fill({ label: 'a', value: 'b' }) }, 'details'],
    ['a long label', { details: [{ label: 'x'.repeat(41), value: 'b' }] }, 'details[0].label'],
    ['null for what is optional', { summary: null }, 'summary'],
  ])('%s: 422 that says where', async (_, change, path) => {
    const posted = event(change);
    const answer = await postJson(posted);
    expect(answer.status).toBe(422);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body.errors).toContainEqual({ path, message: expect.stringMatching(/\w/) });
    expect(await stored(posted.id)).toBe(0);
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
    const answer = await postJson(event(change));
    expect(answer.body).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
    expect(answer.status).toBe(202);
  });

  test.each([null, 7, 'text', [], {}])('%j is no event: 422', async (body) => {
    const answer = await postJson(body);
    expect(answer.status).toBe(422);
  });

  test('the hostile sample is refused for its overlong signal, and no more', async () => {
    const answer = await postJson(sampleEvent('hostile'));
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(['signals[1]']);
  });
});

describe('POST /perly/events: the same id again', () => {
  test('with the same content it is a duplicate, whatever the order of its keys', async () => {
    const posted = event();
    await postJson(posted);
    const shuffled = Object.fromEntries(Object.entries(posted).reverse());
    const answer = await postJson(shuffled);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
  });

  test('with other content it is refused: 409, and the first stays', async () => {
    const posted = event({ summary: 'first' });
    await postJson(posted);
    const answer = await postJson({ ...posted, summary: 'second' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ type: 'urn:perly-slack:problem:event_conflict', status: 409 });
    const kept = await running.db.collection('events').findOne({ eventId: posted.id as string });
    expect(kept?.event.summary).toBe('first');
  });

  test('of another account it is another event', async () => {
    const posted = event();
    await postJson(posted);
    const answer = await postJson({ ...posted, account_id: 'acct_other' });
    expect(answer.body).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
  });

  test('ten times at once it is one event', async () => {
    const posted = event();
    const answers = await Promise.all(Array.from({ length: 10 }, () => postJson(posted)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    const accepted = answers.reduce((sum, { body }) => sum + body.accepted, 0);
    expect(accepted).toBe(1);
    expect(
      await running.db
        .collection('deliveries')
        .countDocuments({ eventKey: JSON.stringify(['acct_demo', posted.id]) }),
    ).toBe(1);
  });

  test('completes what a crash between the two writes left out', async () => {
    const posted = event();
    await postJson(posted);
    const deliveries = running.db.collection('deliveries');
    const eventKey = JSON.stringify(['acct_demo', posted.id]);
    await deliveries.deleteOne({ eventKey });
    const answer = await postJson(posted);
    expect(answer.body).toMatchObject({ duplicates: 1 });
    expect(await deliveries.countDocuments({ eventKey })).toBe(1);
  });
});

describe('POST /perly/events: a batch', () => {
  test('what is wrong is named, the rest is taken', async () => {
    const known = event();
    const taken = event({ summary: 'first' });
    await postJson({ events: [known, taken] });
    const answer = await postJson({
      events: [event(), event({ type: 'nonsense' }), known, { ...taken, summary: 'second' }, event(), 7],
    });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      accepted: 2,
      duplicates: 1,
      rejected: [
        {
          index: 1,
          id: expect.stringMatching(/^evt_/),
          errors: [{ path: 'type', message: expect.any(String) }],
        },
        {
          index: 3,
          id: taken.id,
          errors: [{ path: 'id', message: expect.stringContaining('other content') }],
        },
        { index: 5, id: null, errors: [{ path: '', message: expect.any(String) }] },
      ],
    });
  });

  test('an id twice within it is one event, and a duplicate or a conflict', async () => {
    const posted = event();
    const answer = await postJson({ events: [posted, posted, { ...posted, summary: 'other' }] });
    expect(answer.body).toMatchObject({ accepted: 1, duplicates: 1, rejected: [{ index: 2 }] });
  });

  test('of nothing but wrong ones: 422 that names each', async () => {
    const answer = await postJson({ events: [event({ type: 'a' }), event({ type: 'b' })] });
    expect(answer.status).toBe(422);
    expect(answer.body.rejected).toMatchObject([{ index: 0 }, { index: 1 }]);
  });

  test.each([
    ['none', []],
    ['1,001', Array(1001).fill(null)],
    ['no list', { a: 1 }],
  ])('of %s: 422', async (_, events) => {
    const answer = await postJson({ events });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ path: 'events', message: expect.stringContaining('1000') }]);
  });

  test('of 1,000 events for several accounts is taken whole', async () => {
    const events = Array.from({ length: 1000 }, (_, index) =>
      event({ account_id: `acct_${index % 7}`, signals: [], suggested_action: '' }),
    );
    const answer = await postJson({ events });
    expect(answer.body).toEqual({ accepted: 1000, duplicates: 0, rejected: [] });
    const ids = events.map(({ id }) => id);
    expect(await running.db.collection('events').countDocuments({ eventId: { $in: ids } })).toBe(1000);
  });
});

test("an unknown route of Perly's is a problem, not a page", async () => {
  const answer = await request(running.url).get('/perly/nothing');
  expect(answer.status).toBe(404);
  expect(answer.type).toBe('application/problem+json');
});
