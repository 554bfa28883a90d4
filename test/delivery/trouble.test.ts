import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { troubleAfter, waitEnd } from '../../src/delivery/trouble.ts';
import { classifyResponse } from '../../src/delivery/webhook/classify-response.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { minuteMs } from '../../src/lib/time.ts';
import type { Trouble } from '../../src/store/channels/document.ts';
import { createDeliveryStore } from '../../src/store/deliveries/store.ts';
import { deliveryOf } from '../support/delivery-of.ts';
import { eventOf } from '../support/named-events.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { actor, channelId, setupQuietChannel } from '../support/setup-quiet-channel.ts';
import { ok, setupSender } from '../support/setup-sender.ts';

const database = setupDatabase();

const answered = (status: number, body = '', retryAfter?: string): WebhookAnswer => ({
  kind: 'answered',
  status,
  body,
  headers: { 'retry-after': retryAfter },
});
const stored = async () => (await database.db.collection('channels').findOne())?.trouble;

describe('the trouble of a channel', () => {
  test('starts with the first alert that fails, and ends with the first that succeeds', async () => {
    const { clock, post, sendNextMessage } = await setupSender(database.db, [
      answered(403, '<html>'),
      answered(502),
      ok,
    ]);
    const began = clock.now();
    await post('a');
    await sendNextMessage();
    expect(await stored()).toMatchObject({ since: began, reason: 'http_403' });
    await clock.advance(1000);
    await sendNextMessage();
    expect(await stored()).toMatchObject({ since: began, reason: 'http_502' });
    await clock.advance(5000);
    await sendNextMessage();
    expect(await stored()).toBeNull();
  });

  test('ends with a refusal by Slack’s word too: what waits is retried at once', async () => {
    const { clock, post, sendNextMessage, find } = await setupSender(database.db, [
      ...Array(3).fill(answered(503)),
      ...Array(2).fill(answered(400, 'invalid_blocks')),
    ]);
    await post('a');
    await sendNextMessage();
    await clock.advance(1000);
    await sendNextMessage();
    await post('b');
    for (let sends = 0; sends < 4; sends++) {
      await clock.advance(1000);
      await sendNextMessage();
    }
    expect(await find('b')).toMatchObject({ state: 'failed' });
    expect(await find('a')).toMatchObject({ state: 'sent' });
  });

  test('a 429 without a value waits 1, 2, 4 … 60 s; nothing is posted meanwhile', async () => {
    const { clock, post, sendNextMessage, posts } = await setupSender(
      database.db,
      Array(9).fill(answered(429)),
    );
    await post('a');
    const waits: number[] = [];
    for (let asked = 1; asked <= 9; asked++) {
      const result = await sendNextMessage();
      if (result.kind !== 'blocked') throw new Error(`not blocked but ${result.kind}`);
      const ms = result.until.getTime() - clock.now().getTime();
      waits.push(ms / 1000);
      await post(`more${asked}`);
      expect(await sendNextMessage()).toEqual(result);
      expect(posts).toHaveLength(asked);
      await clock.advance(ms);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(await sendNextMessage()).toMatchObject({ kind: 'posted' });
  });

  test.each(['86400', '9999999999', '9000000000000', '1772460300'])(
    'Retry-After: %s waits 15 minutes, in every process, and tries again',
    async (value) => {
      const { clock, post, sendNextMessage, posts, find } = await setupSender(database.db, [
        answered(429, '', value),
      ]);
      await post('a');
      await sendNextMessage();
      const { waitsUntil } = await stored();
      expect(waitsUntil.getTime() - clock.now().getTime()).toBe(15 * minuteMs);
      await clock.advance(15 * minuteMs - 1);
      expect(await sendNextMessage()).toMatchObject({ kind: 'blocked' });
      expect(posts).toHaveLength(1);
      await clock.advance(1);
      await sendNextMessage();
      expect(await find('a')).toMatchObject({ state: 'sent', attempts: 0 });
    },
  );

  test('an alert that Slack accepts as it accepted the one before costs no write', async () => {
    const { post, sendNextMessage } = await setupSender(database.db, []);
    const before = await database.db.collection('channels').findOne();
    await post('a');
    await sendNextMessage();
    expect(await database.db.collection('channels').findOne()).toEqual(before);
  });

  test('whatever a webhook answers, again and again: nobody waits for more than 15 minutes', () => {
    const answer = fc.record({
      status: fc.oneof(fc.constant(429), fc.integer({ min: 100, max: 599 })),
      headers: fc.record({
        'retry-after': fc.oneof(fc.string(), fc.integer().map(String), fc.bigInt().map(String)),
      }),
      body: fc.oneof(fc.string(), fc.constantFrom('ok', 'rate_limited', '<html>')),
    });
    fc.assert(
      fc.property(
        fc.array(answer, { minLength: 1, maxLength: 30 }),
        fc.date({ noInvalidDate: true, max: new Date('2200-01-01') }),
        (answers, now) => {
          let trouble: Trouble | null = null;
          for (const each of answers) {
            trouble = troubleAfter(trouble, classifyResponse(each, now), now);
            const end = waitEnd(trouble, now);
            if (end !== undefined) expect(end.getTime() - now.getTime()).toBeLessThanOrEqual(15 * minuteMs);
          }
        },
      ),
    );
  });

  test('a wait that no answer can have asked for is ignored', () => {
    const now = new Date('2026-03-02T14:00:00Z');
    const trouble = { since: now, reason: 'rate_limited', waits: 0 };
    expect(waitEnd({ ...trouble, waitsUntil: new Date('2026-03-02T14:15:00Z') }, now)).toBeDefined();
    expect(waitEnd({ ...trouble, waitsUntil: new Date('2026-03-02T14:15:01Z') }, now)).toBeUndefined();
  });
});

describe('recovery ends the trouble of a channel', () => {
  const trouble = { since: new Date('2096-03-05T17:00:00Z'), reason: 'http_503', waitsUntil: null, waits: 0 };
  async function recoverAfter(change: object, wait = false) {
    const { recover, record, settings, version } = await setupQuietChannel(database.db);
    await settings.changeRules(channelId, await version(), defaultRules, actor);
    if (wait) await record([eventOf('a')]);
    await database.db.collection('channels').updateOne({}, { $set: { trouble: { ...trouble, ...change } } });
    await recover();
    return stored();
  }

  test('for which nothing is waiting', async () => {
    expect(await recoverAfter({})).toBeNull();
  });

  test.each([
    ['while an alert waits', {}, true],
    ['while Slack asked to wait', { waitsUntil: new Date('2096-03-05T18:10:00Z') }, false],
  ])('but not %s', async (_, change, wait) => {
    expect(await recoverAfter(change, wait)).toMatchObject({ reason: 'http_503' });
  });

  test.each([
    ['is over', '2096-03-05T17:59:00Z', null],
    ['still runs', '2096-03-05T18:10:00Z', expect.objectContaining({ reason: 'http_503' })],
  ])('with an alert sent since then by a clock ahead, if the wait %s', async (_, waitsUntil, after) => {
    const finishedAt = new Date('2096-03-05T18:05:00Z');
    await createDeliveryStore(database.db).insert([deliveryOf('sent', { state: 'sent', finishedAt })]);
    expect(await recoverAfter({ waitsUntil: new Date(waitsUntil) }, true)).toEqual(after);
  });
});

test.each([
  ['a 413 of a proxy', answered(413, '<html>'), true],
  ['a 400 with an unknown word', answered(400, 'something_new'), true],
  ['a refusal of Slack’s', answered(400, 'invalid_blocks'), false],
])('%s: whether the trouble lasts', async (_, answer, lasts) => {
  const { clock, post, sendNextMessage } = await setupSender(database.db, [answered(503), answer]);
  await post('a');
  await sendNextMessage();
  await clock.advance(2000);
  await sendNextMessage();
  expect(await stored()).toEqual(lasts ? expect.objectContaining({ reason: 'http_503' }) : null);
});
