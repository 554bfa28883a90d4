import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import type { WebhookMessage } from '../../src/messages/webhook-message.ts';
import type { DeliveryStore } from '../../src/store/deliveries/store.ts';
import { eventOf } from '../support/named-events.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { ok, setupSender } from '../support/setup-sender.ts';

const database = setupDatabase();

const culprit = /Culprit\d*/;
const name = /(?:Culprit|Good|Critical)\d+/g;

function customersOf(message: WebhookMessage): string[] {
  const text = JSON.stringify(message.attachments ?? message.text);
  return [...new Set(text.match(name) ?? [])];
}

/** Slack refuses every message that holds a culprit. */
async function setup(
  change?: (deliveries: DeliveryStore) => Partial<DeliveryStore>,
  refusal: Partial<WebhookAnswer & { status: number; body: string }> = {},
) {
  const accepted: WebhookMessage[] = [];
  let posts = 0;
  function answerTo(message: WebhookMessage): WebhookAnswer {
    posts += 1;
    if (culprit.test(JSON.stringify(message)))
      return {
        kind: 'answered',
        status: 400,
        headers: {},
        body: 'invalid_blocks_format',
        ...refusal,
      } as WebhookAnswer;
    accepted.push(message);
    return ok;
  }
  const fixture = await setupSender(database.db, answerTo, change);
  const states = async () => {
    const found = await database.db.collection('deliveries').find().toArray();
    return new Map(found.map((one) => [JSON.parse(one.eventKey)[1].replace('evt_', ''), one.state]));
  };
  /** Sends as the dispatcher does: message after message at the channel's pace, and again after a process died. */
  async function serve(): Promise<void> {
    for (let sends = 0; sends < 1000; sends++) {
      const result = await fixture.sendNextMessage().catch(() => 'died' as const);
      await fixture.clock.advance(1000);
      if (result !== 'died' && result.kind === 'idle') return;
    }
    throw new Error('The channel is never done.');
  }
  return {
    ...fixture,
    accepted,
    customers: () => accepted.flatMap(customersOf),
    posts: () => posts,
    states,
    serve,
  };
}

const critical = (of: string): PerlyEvent => ({ ...eventOf(of), risk_level: 'critical' });
const events = (count: number, culprits: readonly number[] = []) =>
  Array.from({ length: count }, (_, index) =>
    eventOf(culprits.includes(index) ? `Culprit${index}` : `Good${index}`),
  );
const goodOf = (count: number, culprits: readonly number[]) =>
  Array.from({ length: count }, (_, index) => index).flatMap((index) =>
    culprits.includes(index) ? [] : [`Good${index}`],
  );

describe('alerts that Slack refuses', () => {
  test.each([
    [400, 'invalid_blocks_format'],
    [400, 'missing_text_or_fallback_or_attachments'],
    [400, 'user_not_found'],
    [400, 'a_word_that_nobody_knows'],
    [413, '<html>Request Entity Too Large</html>'],
  ])('%i %s: only that one fails, the others of its message are sent in order', async (status, body) => {
    const { record, serve, customers, states, posts } = await setup(undefined, { status, body });
    await record(events(9, [4]));
    await serve();
    expect(customers()).toEqual(goodOf(9, [4]));
    expect((await states()).get('Culprit4')).toBe('failed');
    expect([...(await states()).values()].filter((state) => state === 'sent')).toHaveLength(8);
    expect(posts()).toBeLessThan(20);
  });

  test('critical ones that arrive while it is split are sent next, and ordinary ones do not wait for it', async () => {
    const { record, sendNextMessage, clock, customers, states } = await setup();
    await record(events(9, [0]));
    await sendNextMessage();
    await clock.advance(1000);
    await record([eventOf('Good90'), critical('Critical91'), critical('Critical92')]);
    await sendNextMessage();
    expect(customers()).toEqual(['Critical91', 'Critical92', 'Good90']);
    expect((await states()).get('Culprit0')).toBe('pending');
  });

  test('critical ones of the same message are sent first', async () => {
    const { record, serve, customers } = await setup();
    await record([...events(5, [2]), critical('Critical5')]);
    await serve();
    expect(customers()).toEqual(['Critical5', ...goodOf(5, [2])]);
  });

  test('a critical one that Slack refuses takes no others with it', async () => {
    const { record, serve, customers, states } = await setup();
    await record([critical('Culprit0'), critical('Critical1'), ...events(3)]);
    await serve();
    expect(customers().toSorted()).toEqual(['Critical1', 'Good0', 'Good1', 'Good2']);
    expect((await states()).get('Culprit0')).toBe('failed');
  });

  test('failed ones that are retried are split alike, and hold up nothing', async () => {
    const { record, serve, sendNextMessage, customers, states, deliveries, channelId, clock } = await setup();
    await record(events(12, [0, 5]));
    await serve();
    expect(await deliveries.replay({ channelId, accountId: 'acct_demo' }, clock.now())).toMatchObject({
      alerts: 2,
    });
    await sendNextMessage();
    await clock.advance(1000);
    await record([eventOf('Good50')]);
    await sendNextMessage();
    expect(customers()).toContain('Good50');
    await serve();
    expect((await states()).get('Culprit5')).toBe('failed');
    expect(customers()).toHaveLength(11);
  });

  test('whichever are refused and wherever the process dies: every other one is sent once, in few posts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.uniqueArray(fc.nat({ max: 29 }), { maxLength: 6 }),
        fc.infiniteStream(fc.constantFrom('lives', 'lives', 'dies before', 'dies after')),
        async (count, culprits, fates) => {
          await database.db.collection('deliveries').deleteMany({});
          await database.db.collection('events').deleteMany({});
          await database.db.collection('channels').deleteMany({});
          let deaths = 0;
          const dying =
            <Args extends unknown[], R>(write: (...args: Args) => Promise<R>) =>
            async (...args: Args): Promise<R> => {
              const fate = deaths < 10 ? fates.next().value : 'lives';
              if (fate !== 'lives') deaths += 1;
              if (fate === 'dies before') throw new Error('died');
              const result = await write(...args);
              if (fate === 'dies after') throw new Error('died');
              return result;
            };
          const fixture = await setup((real) => ({
            refuse: dying(real.refuse),
            fail: dying(real.fail),
            requeueHeld: dying(real.requeueHeld),
          }));
          await fixture.record(events(count, culprits));
          await fixture.serve();
          const there = culprits.filter((index) => index < count);
          expect(fixture.customers().toSorted()).toEqual(goodOf(count, there).toSorted());
          const states = await fixture.states();
          for (const index of there) expect(states.get(`Culprit${index}`)).toBe('failed');
          expect(fixture.posts()).toBeLessThanOrEqual(4 * count + deaths);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('a digest that Slack refuses', () => {
  async function setupDigest(culprits: readonly number[], count = 9) {
    const fixture = await setup();
    const untilOpening = await fixture.startQuietHours();
    await fixture.record(events(count, culprits));
    await fixture.clock.advance(untilOpening);
    await fixture.serve();
    return fixture;
  }
  const headings = (messages: readonly WebhookMessage[]) =>
    messages.map(({ text = '' }) => text.split(/[.\n]/)[0]);

  test('is sent without the customer that Slack refuses; the rest continues it', async () => {
    const { customers, states, accepted } = await setupDigest([4]);
    expect(customers().toSorted()).toEqual(goodOf(9, [4]).toSorted());
    expect((await states()).get('Culprit4')).toBe('failed');
    const [first, ...others] = headings(accepted);
    expect(first).toMatch(/^While you were away: \d alerts?, \d customers?$/);
    for (const heading of others)
      expect(heading).toMatch(/^While you were away \(continued\): \d alerts?, \d customers?$/);
    expect(accepted.length).toBeLessThanOrEqual(3);
    expect(JSON.stringify(accepted[0])).toContain('it continues below');
    expect(JSON.stringify(accepted.at(-1))).not.toContain('it continues below');
  });

  test('with a single customer fails', async () => {
    const { states, accepted } = await setupDigest([0], 1);
    expect([...(await states())]).toEqual([['Culprit0', 'failed']]);
    expect(accepted).toEqual([]);
  });

  test('of many customers shows all the others, in few messages', async () => {
    const { states, accepted, posts } = await setupDigest([3], 60);
    const counts = [...(await states()).values()];
    expect(counts.filter((state) => state === 'failed')).toHaveLength(1);
    expect(counts.filter((state) => state === 'sent')).toHaveLength(59);
    expect(accepted.length).toBeLessThanOrEqual(5);
    expect(posts()).toBeLessThan(30);
  });
});
