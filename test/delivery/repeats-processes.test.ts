import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/time.ts';
import type { EventStore } from '../../src/store/events.ts';
import { hasBulkWrite } from '../support/has-bulk-write.ts';
import { onWrite } from '../support/on-write.ts';
import {
  eventOf,
  notRepeated,
  type Repeats,
  refused,
  setupRepeats,
  twoCommands,
} from '../support/setup-repeats.ts';

const setup = setupRepeats();

/** The first calls wait for each other; then each begins. */
function together<A extends unknown[], R>(count: number, call: (...args: A) => Promise<R>) {
  let calls = 0;
  let release = () => {};
  const all = new Promise<void>((resolve) => {
    release = resolve;
  });
  return async (...args: A): Promise<R> => {
    calls += 1;
    if (calls === count) release();
    await all;
    return call(...args);
  };
}

/** Each event is recorded by a process of its own, which stores it when all have decided. */
async function recordTogether(
  { events, createProcess }: Repeats,
  posted: readonly PerlyEvent[],
  way: Partial<EventStore> = {},
): Promise<void> {
  const { length } = posted;
  const stores = {
    insertWithDeliveries: together(length, events.insertWithDeliveries),
    insert: together(length, events.insert),
    ...way,
  };
  await Promise.all(posted.map((event) => createProcess(stores)([event])));
}

/** The event is decided; then another process records `evt_2` and sends it; then the event is stored. */
async function recordLate({ createProcess, post }: Repeats, event: PerlyEvent, way: Partial<EventStore>) {
  onTestFinished(() => void vi.restoreAllMocks());
  const hasPosted = onWrite('events', 'insertMany', () => post('evt_2'));
  await createProcess(way)([event]);
  expect(hasPosted()).toBe(true);
}

describe.each<[string, Partial<EventStore>]>([
  ['one command', {}],
  ['two commands', twoCommands],
])('several processes that store an event and its alert with %s', (_, way) => {
  test('of similar alerts that are decided at the same moment, one is sent', async () => {
    const at = await setup();
    const { outcomeOf, sendAll, messages, post, clock } = at;
    const ids = ['evt_1', 'evt_2', 'evt_3'];
    await recordTogether(
      at,
      ids.map((id) => eventOf(id)),
      way,
    );
    await sendAll();
    const outcomes = await Promise.all(ids.map(outcomeOf));
    expect(outcomes.toSorted()).toEqual(['repeated', 'repeated', 'sent']);
    expect(messages).toHaveLength(1);
    await clock.advance(dayMs);
    await post('evt_4');
    expect(messages[1]).toContain('2 similar alerts since');
  });

  test('so it is when the first was sent before the second was stored', async () => {
    const at = await setup();
    const { outcomeOf, messages } = at;
    await recordLate(at, eventOf('evt_1'), way);
    expect([await outcomeOf('evt_1'), await outcomeOf('evt_2')]).toEqual(['repeated', 'sent']);
    expect(messages).toHaveLength(1);
  });

  test('so it is when the alert before them failed', async () => {
    const at = await setup();
    const { deliveries, outcomeOf, answers, post, clock } = at;
    answers.push(refused, refused);
    expect(await post('evt_1')).toBe('failed');
    await clock.advance(minuteMs);
    const ids = ['evt_2', 'evt_3', 'evt_4'];
    // Neither has recorded its alert when the others look at what was recorded.
    deliveries.listSimilar = together(ids.length, deliveries.listSimilar);
    await recordTogether(
      at,
      ids.map((id) => eventOf(id)),
      way,
    );
    const outcomes = await Promise.all(ids.map(outcomeOf));
    expect(outcomes.toSorted()).toEqual(['pending', 'repeated', 'repeated']);
  });

  test('of alerts of several levels that are decided at the same moment, one tells each that was not repeated', async () => {
    const at = await setup();
    const { outcomeOf, sendAll, messages, post, clock } = at;
    await post('evt_1', { risk_level: 'low' });
    await post('evt_2', { risk_level: 'low' });
    const levels = ['medium', 'high', 'critical'] as const;
    await recordTogether(
      at,
      levels.map((risk_level) => eventOf(`evt_${risk_level}`, { risk_level })),
      way,
    );
    await sendAll();
    await clock.advance(dayMs);
    await post('evt_3');
    const ids = ['evt_1', 'evt_2', ...levels.map((level) => `evt_${level}`), 'evt_3'];
    const repeated = (await Promise.all(ids.map(outcomeOf))).filter((outcome) => outcome === 'repeated');
    const told = messages.join('\n').matchAll(/(\d) similar alerts? since/g);
    expect([...told].reduce((sum, [, count]) => sum + Number(count), 0)).toBe(repeated.length);
    expect(repeated.length).toBeLessThan(levels.length + 1);
  });

  test('a higher level passes all the same', async () => {
    const at = await setup();
    await recordLate(at, eventOf('evt_1', { risk_level: 'critical' }), way);
    expect(await at.outcomeOf('evt_1')).toBe('pending');
  });
});

test('of similar alerts that are stored with one command, the events are recorded, and all alerts but one refused', async () => {
  const at = await setup();
  const inserted = vi.spyOn(at.events, 'insertWithDeliveries');
  await recordTogether(at, [eventOf('evt_1'), eventOf('evt_2'), eventOf('evt_3')]);
  const expected = hasBulkWrite ? [1, 1, 2] : [undefined, undefined, undefined];
  expect(inserted.mock.settledResults.map(({ value }) => value).toSorted()).toEqual(expected);
});

describe('a process that dies', () => {
  /** Stores the event, and dies before its delivery. */
  async function dieAfterEvent({ createProcess }: Repeats, event: PerlyEvent) {
    onTestFinished(() => void vi.restoreAllMocks());
    onWrite('deliveries', 'insertMany', async () => {
      throw new Error('killed');
    });
    await expect(createProcess()([event])).rejects.toThrow('killed');
  }

  test.each([
    ['soon', 0],
    ['hours later', 5 * hourMs],
  ])('leaves an alert that holds back nothing, and that is a repeat if it is completed %s', async (_, ms) => {
    const at = await setup();
    const { post, record, outcomeOf, messages, sendAll, clock } = at;
    await dieAfterEvent(at, eventOf('evt_1'));
    expect(await outcomeOf('evt_1')).toBe('nothing');
    expect(await post('evt_2')).toBe('sent');
    await clock.advance(ms);
    const { receipts } = await record([eventOf('evt_1')]);
    expect(receipts).toEqual(['duplicate']);
    await sendAll();
    expect(await outcomeOf('evt_1')).toBe('repeated');
    expect(messages).toHaveLength(1);
  });

  test('leaves an alert that passes once it is completed if its level is higher', async () => {
    const at = await setup();
    const { post, record, outcomeOf, sendAll } = at;
    const critical = eventOf('evt_1', { risk_level: 'critical' });
    await dieAfterEvent(at, critical);
    expect(await post('evt_2')).toBe('sent');
    await record([critical]);
    await sendAll();
    expect(await outcomeOf('evt_1')).toBe('sent');
  });

  /** Records the alert, and dies before it records that the count of those that were not repeated has ended. */
  async function dieBeforeEnd({ createProcess, deliveries }: Repeats, id: string) {
    const { endCount } = deliveries;
    deliveries.endCount = async () => {
      throw new Error('killed');
    };
    await expect(createProcess()([eventOf(id)])).rejects.toThrow('killed');
    deliveries.endCount = endCount;
  }

  test.each([
    ['', async () => {}],
    [', even if the event is posted again', ({ record }: Repeats) => record([eventOf('evt_3')])],
  ] as const)('tells once how many were not repeated%s', async (_, happen) => {
    const at = await setup();
    const { post, clock, sendAll, messages } = at;
    await post('evt_1');
    expect(await post('evt_2')).toBe('repeated');
    await clock.advance(dayMs);
    await dieBeforeEnd(at, 'evt_3');
    await happen(at);
    await sendAll();
    expect(messages[1]).toContain('1 similar alert since');
    await clock.advance(dayMs);
    expect(await post('evt_4')).toBe('sent');
    expect(messages[2]).not.toMatch(notRepeated);
  });

  test('counts those that are not repeated after it', async () => {
    const at = await setup();
    const { post, clock, sendAll, messages } = at;
    await post('evt_1');
    await post('evt_2');
    await post('evt_3');
    await clock.advance(dayMs);
    await dieBeforeEnd(at, 'evt_4');
    await sendAll();
    expect(messages[1]).toContain('2 similar alerts since 5 March 2096, 14:00 UTC');
    expect(await post('evt_5')).toBe('repeated');
    await clock.advance(dayMs);
    expect(await post('evt_6')).toBe('sent');
    expect(messages[2]).toContain('1 similar alert since 6 March 2096, 14:00 UTC');
  });

  test('counts what is not repeated after an event of its that is posted again a day later', async () => {
    const at = await setup();
    const { post, clock, record, sendAll, messages, outcomeOf } = at;
    await dieAfterEvent(at, eventOf('evt_1'));
    await clock.advance(minuteMs);
    await post('evt_2');
    expect(await post('evt_3')).toBe('repeated');
    await clock.advance(dayMs);
    await record([eventOf('evt_1')]);
    await sendAll();
    expect(await outcomeOf('evt_1')).toBe('sent');
    expect(messages[1]).toContain('1 similar alert since');
    expect(await post('evt_4')).toBe('repeated');
    expect(await post('evt_5')).toBe('repeated');
    await clock.advance(dayMs);
    await post('evt_6');
    expect(messages[2]).toContain('2 similar alerts since');
  });

  test('is completed when the event is posted again', async () => {
    const at = await setup();
    const { post, record, outcomeOf, sendAll } = at;
    await dieAfterEvent(at, eventOf('evt_1'));
    await record([eventOf('evt_1')]);
    await sendAll();
    expect(await outcomeOf('evt_1')).toBe('sent');
    await record([eventOf('evt_1')]);
    expect(await outcomeOf('evt_1')).toBe('sent');
    expect(await post('evt_2')).toBe('repeated');
  });
});
