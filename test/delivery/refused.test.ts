import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import type { WebhookMessage } from '../../src/messages/webhook-message.ts';
import type { DeliveryStore } from '../../src/store/deliveries/store.ts';
import { eventOf } from '../support/named-events.ts';
import { propertyRuns } from '../support/property-runs.ts';
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

type Fate = 'lives' | 'dies before' | 'dies after';

/** The process dies before or after some of the writes that follow a refusal; ten times at most. */
function dyingWrites(
  real: DeliveryStore,
  fates: Iterator<Fate>,
  deaths: { count: number },
): Partial<DeliveryStore> {
  const dying =
    <Args extends unknown[], R>(write: (...args: Args) => Promise<R>) =>
    async (...args: Args): Promise<R> => {
      const fate = deaths.count < 10 ? fates.next().value : 'lives';
      if (fate !== 'lives') deaths.count += 1;
      if (fate === 'dies before') throw new Error('died');
      const result = await write(...args);
      if (fate === 'dies after') throw new Error('died');
      return result;
    };
  return {
    refuse: dying(real.refuse),
    fail: dying(real.fail),
    requeueHeld: dying(real.requeueHeld),
    mergeDigest: dying(real.mergeDigest),
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
          const deaths = { count: 0 };
          const fixture = await setup((real) => dyingWrites(real, fates, deaths));
          await fixture.record(events(count, culprits));
          await fixture.serve();
          const there = culprits.filter((index) => index < count);
          expect(fixture.customers().toSorted()).toEqual(goodOf(count, there).toSorted());
          const states = await fixture.states();
          for (const index of there) expect(states.get(`Culprit${index}`)).toBe('failed');
          expect(fixture.posts()).toBeLessThanOrEqual(4 * count + deaths.count);
        },
      ),
      { numRuns: propertyRuns(40) },
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

  describe('with several alerts of one customer', () => {
    /** Only a culprit has signals, so they are shown wherever it is among its customer's alerts. */
    const alertOf = (customer: string, id: string): PerlyEvent => ({
      ...eventOf(customer),
      id: `evt_${id}`,
      signals: culprit.test(id) ? [id] : [],
    });
    const alertsIn = (messages: readonly WebhookMessage[]) =>
      headings(messages).reduce((sum, heading) => sum + Number(/: (\d+) alert/.exec(heading ?? '')?.[1]), 0);
    async function setupAlerts(alerts: readonly PerlyEvent[], change?: Parameters<typeof setup>[0]) {
      const fixture = await setup(change);
      const untilOpening = await fixture.startQuietHours();
      await fixture.record(alerts);
      await fixture.clock.advance(untilOpening);
      await fixture.serve();
      return fixture;
    }

    test.each([
      ['the latest', ['a', 'b', 'Culprit1']],
      ['the first', ['Culprit1', 'b', 'c', 'd', 'e']],
    ])('fails only the one that Slack refuses, which is %s', async (_, ids) => {
      const { states, accepted, posts } = await setupAlerts(ids.map((id) => alertOf('Good0', id)));
      const expected = ids.map((id) => [id, id === 'Culprit1' ? 'failed' : 'sent'] as const);
      expect(await states()).toEqual(new Map(expected));
      expect(alertsIn(accepted)).toBe(ids.length - 1);
      expect(headings(accepted).slice(1).join()).not.toMatch(/While you were away:/);
      expect(posts()).toBeLessThanOrEqual(3 * ids.length);
    });

    test('leaves the other customers in one message', async () => {
      const others = Array.from({ length: 8 }, (_, index) => alertOf(`Good${index}`, `other${index}`));
      const some = ['a', 'b', 'c', 'Culprit1'].map((signal) => alertOf('Good90', signal));
      const { states, accepted } = await setupAlerts([...others, ...some]);
      const failed = [...(await states())].filter(([, state]) => state !== 'sent');
      expect(failed).toEqual([['Culprit1', 'failed']]);
      expect(alertsIn(accepted)).toBe(11);
      expect(accepted.length).toBeLessThanOrEqual(5);
    });

    test('whichever are refused and wherever the process dies: every other one is sent once', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 5 }),
          fc.infiniteStream(fc.constantFrom('lives', 'lives', 'dies before', 'dies after')),
          async (customers, fates) => {
            await database.db.collection('deliveries').deleteMany({});
            await database.db.collection('events').deleteMany({});
            await database.db.collection('channels').deleteMany({});
            const alerts = customers.flatMap((refused, customer) =>
              refused.map((isRefused, index) =>
                alertOf(`Good${customer}`, `${isRefused ? 'Culprit' : 'fine'}${customer}${index}`),
              ),
            );
            const deaths = { count: 0 };
            const fixture = await setupAlerts(alerts, (real) => dyingWrites(real, fates, deaths));
            const states = await fixture.states();
            expect(states.size).toBe(alerts.length);
            for (const [id, state] of states) expect(state).toBe(culprit.test(id) ? 'failed' : 'sent');
            expect(alertsIn(fixture.accepted)).toBe(
              customers.flat().filter((isRefused) => !isRefused).length,
            );
            expect(fixture.posts()).toBeLessThanOrEqual(14 * alerts.length + deaths.count);
          },
        ),
        { numRuns: propertyRuns(15) },
      );
    });
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
