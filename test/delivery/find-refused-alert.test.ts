import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryDelays } from '../../src/delivery/retry-schedule.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { later } from '../../src/lib/clock.ts';
import { minuteMs } from '../../src/lib/time.ts';
import { eventKey } from '../../src/store/events.ts';
import { sentAlone } from '../support/delivery-of.ts';
import { eventOf } from '../support/named-events.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { lost, ok, setupSender, timeout } from '../support/setup-sender.ts';

const database = setupDatabase();

const names = /(?:Culprit|Good|Critical)\d+/g;

const page: WebhookAnswer = { kind: 'answered', status: 403, headers: {}, body: '<html>Forbidden</html>' };
const failure: WebhookAnswer = { kind: 'answered', status: 500, headers: {}, body: '' };
const critical = (of: string): PerlyEvent => ({ ...eventOf(of), risk_level: 'critical' });
const alerts = (...of: string[]) => of.map(eventOf);

const refusal: WebhookAnswer = { kind: 'answered', status: 400, headers: {}, body: 'invalid_blocks' };

/**
 * Every message with a culprit gets this answer, which by default is a proxy's and has no error word.
 * @param outage the answer to every message while Slack is away
 */
async function setup(answer: WebhookAnswer = page, outage = answer) {
  for (const name of ['deliveries', 'events', 'channels']) await database.db.collection(name).deleteMany({});
  const delivered: { name: string; at: number }[] = [];
  let posts = 0;
  let isAway = false;
  const fixture = await setupSender(database.db, (message) => {
    posts += 1;
    const text = JSON.stringify(message.attachments ?? message.text);
    if (isAway) return outage;
    if (text.includes('Culprit')) return answer;
    for (const name of new Set(text.match(names)))
      delivered.push({ name, at: fixture.clock.now().getTime() });
    return ok;
  });
  const { clock, sendNextMessage } = fixture;
  const state = async (of: string) => (await fixture.find(`evt_${of}`)).state;
  /** Sends as the dispatcher does, for `ms` or until nothing is left to do. */
  async function serve(ms: number): Promise<void> {
    const end = clock.now().getTime() + ms;
    while (clock.now().getTime() < end) {
      const result = await sendNextMessage();
      if (result.kind === 'idle') return;
      const left = Math.min(result.until.getTime(), end) - clock.now().getTime();
      await clock.advance(Math.max(left, 1));
    }
  }
  return {
    ...fixture,
    state,
    serve,
    delivered: () => delivered.map(({ name }) => name),
    deliveredAt: () => new Map(delivered.map(({ name, at }) => [name, at])),
    posts: () => posts,
    setAway(away: boolean) {
      isAway = away;
    },
  };
}

describe('an alert whose content makes its message fail', () => {
  test('does not hold up later alerts, which are no longer sent together with it', async () => {
    const { record, serve, delivered, posts, state } = await setup();
    await record(alerts('Culprit0'));
    await serve(minuteMs);
    await record([eventOf('Good1'), critical('Critical2')]);
    await serve(5000);
    expect(delivered()).toEqual(['Critical2', 'Good1']);
    await serve(minuteMs);
    const before = posts();
    await record(alerts('Good3'));
    await serve(1000);
    expect(delivered()).toEqual(['Critical2', 'Good1', 'Good3']);
    expect(posts()).toBe(before + 1);
    expect(await state('Culprit0')).toBe('pending');
  });

  test('is tried alone on its own schedule until that ends', async () => {
    const { record, serve, delivered, posts, state } = await setup();
    await record(alerts('Culprit0', 'Good1'));
    await serve(40 * 60 * minuteMs);
    expect(delivered()).toEqual(['Good1']);
    expect(await state('Culprit0')).toBe('failed');
    expect(posts()).toBeLessThan(18);
  });

  test('is told from all others once anything is sent, however many of them failed with it', async () => {
    const { record, serve, delivered } = await setup();
    await record(alerts(...Array.from({ length: 50 }, (_, index) => `Culprit${index}`), 'Good50'));
    await serve(2 * minuteMs);
    await record(alerts('Good51'));
    await serve(2 * minuteMs);
    // Which of them were in the first message differs with the database.
    expect(delivered().toSorted()).toEqual(['Good50', 'Good51']);
  });

  test('that Slack never answers is told from the others after a while', async () => {
    const { record, serve, delivered, posts } = await setup(timeout);
    await record(alerts('Culprit0', 'Good1', 'Good2'));
    await serve(20 * minuteMs);
    expect(delivered()).toEqual(['Good1', 'Good2']);
    expect(posts()).toBeLessThan(12);
  });

  test('takes none with it at the last attempt, even if another message is being split by then', async () => {
    const { record, serve, delivered, state, clock } = await setup();
    await record(alerts('Culprit0', 'Good1', 'Culprit2'));
    await serve(500);
    const [deliveries, channels] = [database.db.collection('deliveries'), database.db.collection('channels')];
    const { since } = (await channels.findOne())?.trouble ?? {};
    await deliveries.updateMany({}, { $set: { attempts: retryDelays.length, nextAttemptAt: clock.now() } });
    await deliveries.updateOne(
      { eventKey: eventKey('acct_demo', 'evt_Culprit2') },
      {
        $set: {
          attempts: 1,
          nextAttemptAt: later(clock, minuteMs),
          split: { ...sentAlone, unprovenSince: since },
        },
      },
    );
    await serve(10_000);
    expect(delivered()).toEqual(['Good1']);
    expect(await state('Culprit0')).toBe('failed');
  });

  test.each([
    ['403', page],
    ['500', failure],
    ['a reset', lost],
  ])('%s: the others of its first message are sent within a minute, in order', async (_, answer) => {
    const { record, serve, delivered } = await setup(answer);
    const others = Array.from({ length: 12 }, (_, index) => `Good${index + 2}`);
    await record(alerts('Good0', 'Culprit1', ...others));
    await serve(minuteMs);
    expect(delivered()).toEqual(['Good0', ...others]);
  });

  test('in a digest neither blocks later alerts nor takes other customers with it', async () => {
    const { record, serve, delivered, startQuietHours, clock, state } = await setup();
    const untilOpening = await startQuietHours();
    await record(alerts('Good0', 'Culprit1', 'Good2'));
    await clock.advance(untilOpening);
    await record(alerts('Good3'));
    await serve(minuteMs);
    expect(delivered().toSorted()).toEqual(['Good0', 'Good2', 'Good3']);
    expect(await state('Culprit1')).toBe('pending');
  });

  test('whichever they are and whenever they arrive: all others are sent within 15 minutes, once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(page, failure, lost),
        fc.array(
          fc.record({
            waitMs: fc.constantFrom(0, 0, 500, 3000, 40_000, 5 * minuteMs),
            kinds: fc.array(fc.constantFrom('Good', 'Good', 'Culprit', 'Critical'), {
              minLength: 1,
              maxLength: 12,
            }),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        async (answer, waves) => {
          const { record, serve, delivered, deliveredAt, posts, clock, state } = await setup(answer);
          const cameAt = new Map<string, number>();
          let count = 0;
          for (const { waitMs, kinds } of waves) {
            await serve(waitMs);
            const events = kinds.map((kind) => {
              const name = `${kind}${count++}`;
              cameAt.set(name, clock.now().getTime());
              return kind === 'Critical' ? critical(name) : eventOf(name);
            });
            await record(events);
          }
          await serve(20 * minuteMs);
          const innocents = [...cameAt.keys()].filter((name) => !name.startsWith('Culprit'));
          expect(delivered().toSorted()).toEqual(innocents.toSorted());
          for (const name of innocents)
            expect((deliveredAt().get(name) ?? 0) - (cameAt.get(name) ?? 0)).toBeLessThanOrEqual(
              15 * minuteMs,
            );
          for (const name of cameAt.keys())
            expect(await state(name)).toBe(name.startsWith('Culprit') ? 'pending' : 'sent');
          expect(posts()).toBeLessThanOrEqual(20 * count);
        },
      ),
      { numRuns: propertyRuns(25) },
    );
  });
});

test.each([
  ['a page', page],
  ['no connection', { kind: 'unreachable', code: 'ECONNREFUSED' } as const],
])('what was refused with another, and then met %s, is sent when that ends', async (_, outage) => {
  const { record, serve, delivered, setAway, state } = await setup(refusal, outage);
  await record(alerts('Good0', 'Culprit1', 'Good2'));
  await serve(500);
  setAway(true);
  await serve(60 * minuteMs);
  setAway(false);
  await record(alerts('Good3'));
  await serve(minuteMs);
  expect(delivered().toSorted()).toEqual(['Good0', 'Good2', 'Good3']);
  expect(await state('Culprit1')).toBe('failed');
});

describe('a channel that accepts nothing', () => {
  test('is called little more often than the schedule says, and gets everything in order when it works again', async () => {
    const { record, serve, delivered, posts, setAway } = await setup();
    setAway(true);
    const first = Array.from({ length: 10 }, (_, index) => `Good${index}`);
    await record(alerts(...first));
    await serve(30 * minuteMs);
    expect(posts()).toBeLessThanOrEqual(40);
    const before = posts();
    for (let index = 10; index < 15; index++) {
      await record(alerts(`Good${index}`));
      await serve(3000);
    }
    expect(posts() - before).toBeLessThanOrEqual(25);
    setAway(false);
    await record(alerts('Good15'));
    await serve(30 * minuteMs);
    expect(delivered()).toEqual([...first, ...Array.from({ length: 6 }, (_, index) => `Good${index + 10}`)]);
  });

  test('is not called every second while more alerts wait for their retry than fit in one message', async () => {
    const { record, serve, delivered, posts, setAway } = await setup();
    setAway(true);
    await record(alerts(...Array.from({ length: 60 }, (_, index) => `Good${index}`)));
    await serve(15 * minuteMs);
    const before = posts();
    await record(alerts('Good60'));
    await serve(minuteMs);
    expect(posts() - before).toBeLessThanOrEqual(6);
    setAway(false);
    await record(alerts('Good61'));
    await serve(10_000);
    expect(delivered()).toHaveLength(62);
  });
});
