import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EventsApp, event, startEventsApp } from '../support/events-app.ts';

let app: EventsApp;
beforeAll(async () => {
  app = await startEventsApp();
});
afterAll(() => app.running.close());

describe('POST /perly/events: the same id again', () => {
  test('with the same content is a duplicate, whatever the order of its keys', async () => {
    const posted = event();
    await app.postJson(posted);
    const shuffled = Object.fromEntries(Object.entries(posted).reverse());
    const answer = await app.postJson(shuffled);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ accepted: 0, duplicates: 1, rejected: [], warnings: [] });
  });

  test('with other content is refused: 409, and the first stays', async () => {
    const posted = event({ summary: 'first' });
    await app.postJson(posted);
    const answer = await app.postJson({ ...posted, summary: 'second' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ type: 'urn:perly-slack:problem:event_conflict', status: 409 });
    const kept = await app.running.db.collection('events').findOne({ eventId: posted.id as string });
    expect(kept?.event.summary).toBe('first');
  });

  test('of another account is another event', async () => {
    const posted = event();
    await app.postJson(posted);
    const answer = await app.postJson({ ...posted, account_id: 'acct_other' });
    expect(answer.body).toEqual({ accepted: 1, duplicates: 0, rejected: [], warnings: [] });
  });

  test('ten times at once is one event', async () => {
    const posted = event();
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.postJson(posted)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    const accepted = answers.reduce((sum, { body }) => sum + body.accepted, 0);
    expect(accepted).toBe(1);
    expect(
      await app.running.db
        .collection('deliveries')
        .countDocuments({ eventKey: JSON.stringify(['acct_demo', posted.id]) }),
    ).toBe(1);
  });

  test('completes what a crash between the two writes left out', async () => {
    const posted = event();
    await app.postJson(posted);
    const deliveries = app.running.db.collection('deliveries');
    const eventKey = JSON.stringify(['acct_demo', posted.id]);
    await deliveries.deleteMany({ eventKey });
    const answer = await app.postJson(posted);
    expect(answer.body).toMatchObject({ duplicates: 1 });
    expect(await deliveries.countDocuments({ eventKey })).toBe(1);
  });
});

describe('POST /perly/events: a batch', () => {
  test('invalid events are reported, the rest is accepted', async () => {
    const known = event();
    const stored = event({ summary: 'first' });
    await app.postJson({ events: [known, stored] });
    const answer = await app.postJson({
      events: [event(), event({ type: 'nonsense' }), known, { ...stored, summary: 'second' }, event(), 7],
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
          id: stored.id,
          errors: [{ path: 'id', message: expect.stringContaining('other content') }],
        },
        { index: 5, id: null, errors: [{ path: '', message: expect.any(String) }] },
      ],
      warnings: [],
    });
  });

  test('an id twice within it is one event, and a duplicate or a conflict', async () => {
    const posted = event();
    const answer = await app.postJson({ events: [posted, posted, { ...posted, summary: 'other' }] });
    expect(answer.body).toMatchObject({ accepted: 1, duplicates: 1, rejected: [{ index: 2 }] });
  });

  test('with only invalid ones: 422 that names each', async () => {
    const answer = await app.postJson({ events: [event({ type: 'a' }), event({ type: 'b' })] });
    expect(answer.status).toBe(422);
    expect(answer.body.rejected).toMatchObject([{ index: 0 }, { index: 1 }]);
  });

  test.each([
    ['none', []],
    ['1,001', Array(1001).fill(null)],
    ['no list', { a: 1 }],
  ])('of %s: 422', async (_, events) => {
    const answer = await app.postJson({ events });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ path: 'events', message: expect.stringContaining('1000') }]);
  });

  test('of 1,000 events for several accounts is accepted', async () => {
    const events = Array.from({ length: 1000 }, (_, index) =>
      event({ account_id: `acct_${index % 7}`, signals: [], suggested_action: '' }),
    );
    const answer = await app.postJson({ events });
    expect(answer.body).toEqual({ accepted: 1000, duplicates: 0, rejected: [], warnings: [] });
    const ids = events.map(({ id }) => id);
    expect(await app.running.db.collection('events').countDocuments({ eventId: { $in: ids } })).toBe(1000);
  });
});

test("an unknown route of Perly's is a problem, not a page", async () => {
  const answer = await request(app.running.url).get('/perly/nothing');
  expect(answer.status).toBe(404);
  expect(answer.type).toBe('application/problem+json');
});
