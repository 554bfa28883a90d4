import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goneWords } from '../../src/delivery/webhook/error-words.ts';
import { minuteMs } from '../../src/lib/time.ts';
import { eventOf } from '../support/named-events.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { setupSender } from '../support/setup-sender.ts';

const database = setupDatabase();
const maxSilenceMs = 15 * minuteMs;

const anyAnswer = fc.record({
  kind: fc.constant('answered' as const),
  status: fc.oneof(fc.integer({ min: 100, max: 599 }), fc.constantFrom(200, 400, 403, 404, 410, 413, 429)),
  headers: fc.record({
    'retry-after': fc.oneof(
      fc.constant(undefined),
      fc.string(),
      fc.bigInt().map(String),
      fc.constantFrom('86400', '9000000000000', '0', '-1', 'NaN'),
    ),
  }),
  body: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.json(),
    fc.constantFrom(
      '',
      'ok',
      '{"ok":true}',
      '{"ok":false}',
      'something_new',
      '<html>',
      'rate_limited',
      '{"ok":false,"error":"new"}',
    ),
  ),
});

const words = Object.keys(goneWords);

/** Slack's `ok`, in every form. */
function saysOk(body: string): boolean {
  if (['', 'ok'].includes(body.trim())) return true;
  try {
    return JSON.parse(body).ok === true;
  } catch {
    return false;
  }
}

test('whatever a webhook answers, a critical alert is retried within 15 minutes, and only ok counts as sent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAnswer, { minLength: 1, maxLength: 8 }), async (answers) => {
      fc.pre(answers.every(({ body }) => !words.some((word) => body.includes(word))));
      for (const name of ['deliveries', 'events', 'channels'])
        await database.db.collection(name).deleteMany({});
      let answer = answers[0];
      const { record, sendNextMessage, clock, posts } = await setupSender(database.db, () => {
        answer = answers[posts.length - 1] ?? answers[0];
        return answer ?? { kind: 'lost', code: 'TIMEOUT' };
      });
      for (let index = 0; index < answers.length; index++) {
        const id = `Critical${index}`;
        await record([{ ...eventOf(id), risk_level: 'critical' }]);
        const before = posts.length;
        const since = clock.now().getTime();
        for (;;) {
          const result = await sendNextMessage();
          if (posts.length > before) break;
          if (result.kind === 'idle') throw new Error('An alert waits and nobody tries it.');
          await clock.advance(Math.max(result.until.getTime() - clock.now().getTime(), 1));
          expect(clock.now().getTime() - since).toBeLessThanOrEqual(maxSilenceMs);
        }
        const isOk =
          answer !== undefined && answer.status >= 200 && answer.status < 300 && saysOk(answer.body);
        const sent = await database.db.collection('deliveries').countDocuments({ state: 'sent' });
        if (!isOk) expect(sent).toBe(0);
        expect((await database.db.collection('channels').findOne())?.status).toBe('active');
        if (sent > 0) return;
      }
    }),
    { numRuns: propertyRuns(60) },
  );
});
