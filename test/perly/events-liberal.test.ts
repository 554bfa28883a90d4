import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EventsApp, event, startEventsApp } from '../support/events-app.ts';
import { sampleEvent } from '../support/sample-events.ts';

let app: EventsApp;
beforeAll(async () => {
  app = await startEventsApp();
});
afterAll(() => app.running.close());

const { customer } = sampleEvent('seed-example');

async function kept(posted: Record<string, unknown>) {
  const found = await app.running.db.collection('events').findOne({ eventId: posted.id as string });
  return found?.event;
}

describe('POST /perly/events: texts and lists beyond their display length', () => {
  const long = (length: number) => 'x'.repeat(length);
  const fill = (count: number, item: unknown) => Array(count).fill(item);

  test.each<[string, Record<string, unknown>, string, (event: Record<string, unknown>) => unknown, unknown]>([
    [
      'a name of 3,000',
      { customer: { ...customer, name: long(3000) } },
      'customer.name',
      (e) => (e.customer as { name: string }).name,
      `${long(299)}…`,
    ],
    ['a summary of 301', { summary: long(301) }, 'summary', (e) => e.summary, `${long(299)}…`],
    [
      'a signal of 201',
      { signals: ['a', long(201)] },
      'signals[1]',
      (e) => e.signals,
      ['a', `${long(199)}…`],
    ],
    ['21 signals', { signals: fill(21, 'a') }, 'signals', (e) => e.signals, fill(20, 'a')],
    ['200 signals', { signals: fill(200, 'a') }, 'signals', (e) => e.signals, fill(20, 'a')],
    [
      'a suggested action of 3,000',
      { suggested_action: long(3000) },
      'suggested_action',
      (e) => e.suggested_action,
      `${long(299)}…`,
    ],
    [
      '9 details',
      { details: fill(9, { label: 'a', value: 'b' }) },
      'details',
      (e) => e.details,
      fill(8, { label: 'a', value: 'b' }),
    ],
    [
      'a label of 41',
      { details: [{ label: long(41), value: 'b' }] },
      'details[0].label',
      (e) => e.details,
      [{ label: `${long(39)}…`, value: 'b' }],
    ],
    [
      'a value of 1,200',
      { details: [{ label: 'a', value: long(1200) }] },
      'details[0].value',
      (e) => e.details,
      [{ label: 'a', value: `${long(119)}…` }],
    ],
    [
      "an owner's name of 301",
      { customer: { ...customer, owner: { id: 'usr_1', name: long(301) } } },
      'customer.owner.name',
      (e) => (e.customer as { owner: unknown }).owner,
      { id: 'usr_1', name: `${long(299)}…` },
    ],
    [
      'half a surrogate pair',
      { summary: 'cut in the middle of \ud83d' },
      'summary',
      (e) => e.summary,
      'cut in the middle of \ufffd',
    ],
  ])('%s: 202, cut, and reported in a warning', async (_, change, path, read, expected) => {
    const posted = event(change);
    const answer = await app.postJson(posted);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: [],
      warnings: [{ index: 0, id: posted.id, path, message: expect.stringMatching(/\w/) }],
    });
    expect(read((await kept(posted)) as Record<string, unknown>)).toEqual(expected);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a name of 3,001', { customer: { ...customer, name: long(3001) } }, 'customer.name'],
    ['a summary of 3,001', { summary: long(3001) }, 'summary'],
    ['a signal of 2,001', { signals: [long(2001)] }, 'signals[0]'],
    ['201 signals', { signals: fill(201, 'a') }, 'signals'],
    ['81 details', { details: fill(81, { label: 'a', value: 'b' }) }, 'details'],
    ['a label of 401', { details: [{ label: long(401), value: 'b' }] }, 'details[0].label'],
    ['a value of 1,201', { details: [{ label: 'a', value: long(1201) }] }, 'details[0].value'],
  ])('%s is beyond the hard limit: 422', async (_, change, path) => {
    const answer = await app.postJson(event(change));
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual({ path, message: expect.stringMatching(/\d/) });
  });

  test('a text is cut between graphemes', async () => {
    const posted = event({ summary: `${long(297)}👩‍👩‍👧‍👦👩‍👩‍👧‍👦` });
    await app.postJson(posted);
    expect((await kept(posted))?.summary).toBe(`${long(297)}…`);
  });

  test('the alert counts the signals that were posted, not those that were kept', async () => {
    const posted = event({ signals: fill(31, 'late') });
    await app.postJson(posted);
    await expect
      .poll(() => JSON.stringify(app.running.slack.messages('#customer-health')))
      .toContain('and 26 more');
  });

  test('in a batch each warning names its event', async () => {
    const [plain, cut] = [event(), event({ summary: long(301) })];
    const answer = await app.postJson({ events: [plain, 7, cut] });
    expect(answer.body).toMatchObject({ accepted: 2, rejected: [{ index: 1 }] });
    expect(answer.body.warnings).toMatchObject([{ index: 2, id: cut.id, path: 'summary' }]);
  });

  test('the same text again is a duplicate with the same warning', async () => {
    const posted = event({ summary: long(301) });
    const first = await app.postJson(posted);
    const second = await app.postJson(posted);
    expect(second.body).toEqual({ ...first.body, accepted: 0, duplicates: 1 });
  });

  test('a text that differs only after the cut is other content: 409', async () => {
    const posted = event({ summary: `${long(301)}a` });
    await app.postJson(posted);
    const answer = await app.postJson({ ...posted, summary: `${long(301)}b` });
    expect(answer.status).toBe(409);
  });
});

describe('POST /perly/events: equal content', () => {
  test('null for an optional field counts as absent', async () => {
    const absent = event();
    const optional = ['risk_level', 'summary', 'signals', 'suggested_action', 'details'];
    for (const name of optional) delete absent[name];
    const nulls = {
      ...absent,
      ...Object.fromEntries(optional.map((name) => [name, null])),
      customer: { ...customer, owner: null },
    };
    expect((await app.postJson(nulls)).body).toMatchObject({ accepted: 1, warnings: [] });
    expect((await app.postJson(absent)).body).toMatchObject({ duplicates: 1 });
    expect(JSON.stringify(await kept(absent))).not.toContain('null');
  });

  test('a byte order mark is skipped', async () => {
    const posted = event();
    const answer = await app.post(`\ufeff${JSON.stringify(posted)}`);
    expect(answer.body).toMatchObject({ accepted: 1 });
    expect((await app.postJson(posted)).body).toMatchObject({ duplicates: 1 });
  });

  test.each([
    ['2026-03-02T14:05:00Z', '2026-03-02T14:05:00+00:00'],
    ['2026-03-02T14:05:00Z', '2026-03-02T19:35:00.000+05:30'],
    ['2026-03-02T14:05:00Z', '2026-03-02t14:05:00.0z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T08:59:60+09:00'],
  ])('%s and %s are one instant', async (one, other) => {
    const posted = event({ occurred_at: one });
    expect((await app.postJson(posted)).body).toMatchObject({ accepted: 1 });
    const answer = await app.postJson({ ...posted, occurred_at: other });
    expect(answer.body).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  test.each([
    '2026-03-02T14:05:60Z',
    '2026-03-02T23:59:60Z',
    '2026-06-30T23:59:60+02:00',
    '2026-06-30T23:59:61Z',
  ])('%s is no leap second: 422', async (time) => {
    const answer = await app.postJson(event({ occurred_at: time }));
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ path: 'occurred_at' }]);
  });

  test('a URL that is spelled differently is the same', async () => {
    const posted = event();
    await app.postJson(posted);
    const url = customer.url.replace('https://app.perly.ai', 'HTTPS://APP.perly.ai:443');
    const answer = await app.postJson({ ...posted, customer: { ...customer, url } });
    expect(answer.body).toMatchObject({ duplicates: 1 });
  });
});

describe('POST /perly/events: the owner of a customer', () => {
  test('is kept', async () => {
    const posted = event({ customer: { ...customer, owner: { id: 'usr_7', name: 'Ana', admin: true } } });
    expect((await app.postJson(posted)).status).toBe(202);
    expect((await kept(posted))?.customer.owner).toEqual({ id: 'usr_7', name: 'Ana' });
  });

  test.each<[string, unknown, string]>([
    ['no id', { name: 'Ana' }, 'customer.owner.id'],
    ['an empty id', { id: '', name: 'Ana' }, 'customer.owner.id'],
    ['a number as its id', { id: 7, name: 'Ana' }, 'customer.owner.id'],
    ['an id of 76', { id: 'x'.repeat(76), name: 'Ana' }, 'customer.owner.id'],
    ['no id, and a name that is no text', { name: 7 }, 'customer.owner.id'],
    ['a name alone', 'Ana', 'customer.owner'],
    ['nothing', {}, 'customer.owner.id'],
  ])('with %s is left out, with a warning, and the event is taken', async (_, owner, path) => {
    const posted = event({ customer: { ...customer, owner } });
    const answer = await app.postJson(posted);
    expect(answer.status).toBe(202);
    expect(answer.body.warnings[0]).toMatchObject({ path });
    expect((await kept(posted))?.customer.owner).toBeUndefined();
  });

  test.each([
    ['a blank name', { id: 'usr_7', name: ' ' }],
    ['no name', { id: 'usr_7' }],
    ['null as its name', { id: 'usr_7', name: null }],
  ])('with %s is called by its id', async (_, owner) => {
    const posted = event({ customer: { ...customer, owner } });
    expect((await app.postJson(posted)).body.warnings).toEqual([]);
    expect((await kept(posted))?.customer.owner).toEqual({ id: 'usr_7', name: 'usr_7' });
  });

  test.each([
    ['is no text', ['Ana']],
    ['is too long', 'x'.repeat(3001)],
  ])('with a name that %s is called by its id, with a warning', async (_, name) => {
    const posted = event({ customer: { ...customer, owner: { id: 'usr_7', name } } });
    const answer = await app.postJson(posted);
    expect(answer.status).toBe(202);
    expect(answer.body.warnings).toMatchObject([
      { path: 'customer.owner.name', message: expect.stringMatching(/: the id is shown instead$/) },
    ]);
    expect((await kept(posted))?.customer.owner).toEqual({ id: 'usr_7', name: 'usr_7' });
  });

  test('of another form excuses nothing else', async () => {
    const answer = await app.postJson(event({ type: 'nothing', customer: { ...customer, owner: 7 } }));
    expect(answer.status).toBe(422);
    const wrong = event({ type: 'customer_at_risk', risk_level: null, customer: { ...customer, owner: 7 } });
    expect((await app.postJson(wrong)).body.errors).toMatchObject([{ path: 'risk_level' }]);
  });
});
