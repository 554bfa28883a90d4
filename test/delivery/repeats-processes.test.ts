import { describe, expect, test } from 'vitest';
import { dayMs, minuteMs } from '../../src/lib/time.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { eventOf, notRepeated, refused, setupRepeats } from '../support/setup-repeats.ts';

const database = setupDatabase();

const setup = (rules?: Parameters<typeof setupRepeats>[1]) => setupRepeats(database.db, rules);

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

describe('several processes', () => {
  test('of similar alerts that are decided at the same moment, one is sent', async () => {
    const { events, createProcess, outcomeOf, sendAll, messages, post, clock } = await setup();
    const ids = ['evt_1', 'evt_2', 'evt_3'];
    // Each stores its event only when all have decided.
    const insert = together(ids.length, events.insert);
    await Promise.all(ids.map((id) => createProcess({ insert })([eventOf(id)])));
    await sendAll();
    const outcomes = await Promise.all(ids.map(outcomeOf));
    expect(outcomes.toSorted()).toEqual(['repeated', 'repeated', 'sent']);
    expect(messages).toHaveLength(1);
    await clock.advance(dayMs);
    await post('evt_4');
    expect(messages[1]).toContain('2 similar alerts since');
  });

  test('so it is when each stores its event and its alert with one command', async () => {
    const { events, createProcess, outcomeOf, sendAll, messages } = await setup();
    const ids = ['evt_1', 'evt_2', 'evt_3'];
    const inserted: (number | undefined)[] = [];
    const insertWithDeliveries = together(
      ids.length,
      async (...args: Parameters<typeof events.insertWithDeliveries>) => {
        inserted.push(await events.insertWithDeliveries(...args));
        return inserted.at(-1);
      },
    );
    await Promise.all(ids.map((id) => createProcess({ insertWithDeliveries })([eventOf(id)])));
    await sendAll();
    const outcomes = await Promise.all(ids.map(outcomeOf));
    expect(outcomes.toSorted()).toEqual(['repeated', 'repeated', 'sent']);
    // The second and third event were recorded, and their alerts were refused. An engine may have no such command.
    expect([
      [1, 1, 2],
      [undefined, undefined, undefined],
    ]).toContainEqual(inserted.toSorted());
    expect(messages).toHaveLength(1);
  });

  test('so it is when the first was sent before the second was stored', async () => {
    const { events, createProcess, outcomeOf, post, messages } = await setup();
    let interrupted = false;
    const insert: typeof events.insert = async (documents) => {
      if (!interrupted) {
        interrupted = true;
        await post('evt_2');
      }
      return events.insert(documents);
    };
    await createProcess({ insert })([eventOf('evt_1')]);
    expect([await outcomeOf('evt_1'), await outcomeOf('evt_2')]).toEqual(['repeated', 'sent']);
    expect(messages).toHaveLength(1);
  });

  test('so it is when the alert before them failed', async () => {
    const { events, deliveries, createProcess, outcomeOf, answers, post, clock } = await setup();
    answers.splice(0, 1, refused, refused);
    expect(await post('evt_1')).toBe('failed');
    await clock.advance(minuteMs);
    const ids = ['evt_2', 'evt_3', 'evt_4'];
    const insert = together(ids.length, events.insert);
    // Neither has recorded its alert when the others look at what was recorded.
    deliveries.listSimilar = together(ids.length, deliveries.listSimilar);
    await Promise.all(ids.map((id) => createProcess({ insert })([eventOf(id)])));
    const outcomes = await Promise.all(ids.map(outcomeOf));
    expect(outcomes.toSorted()).toEqual(['pending', 'repeated', 'repeated']);
  });

  test('of alerts of several levels that are decided at the same moment, one tells each that was not repeated', async () => {
    const { events, createProcess, outcomeOf, sendAll, messages, post, clock } = await setup();
    await post('evt_1', { risk_level: 'low' });
    await post('evt_2', { risk_level: 'low' });
    const levels = ['medium', 'high', 'critical'] as const;
    const insert = together(levels.length, events.insert);
    await Promise.all(
      levels.map((risk_level) => createProcess({ insert })([eventOf(`evt_${risk_level}`, { risk_level })])),
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
    const { events, createProcess, outcomeOf, post } = await setup();
    let interrupted = false;
    const insert: typeof events.insert = async (documents) => {
      if (!interrupted) {
        interrupted = true;
        await post('evt_2');
      }
      return events.insert(documents);
    };
    await createProcess({ insert })([eventOf('evt_1', { risk_level: 'critical' })]);
    expect(await outcomeOf('evt_1')).toBe('pending');
  });
});

describe('a process that dies', () => {
  /** Stores the event, and dies before its delivery. */
  async function dieAfterEvent({ createProcess, deliveries }: Awaited<ReturnType<typeof setup>>, id: string) {
    const dying = createProcess();
    const insert = deliveries.insert;
    deliveries.insert = async () => {
      throw new Error('killed');
    };
    await expect(dying([eventOf(id)])).rejects.toThrow('killed');
    deliveries.insert = insert;
  }

  test('leaves an alert that holds back nothing, and that is a repeat once it is completed', async () => {
    const at = await setup();
    const { post, record, outcomeOf, messages, sendAll } = at;
    await dieAfterEvent(at, 'evt_1');
    expect(await outcomeOf('evt_1')).toBe('nothing');
    expect(await post('evt_2')).toBe('sent');
    const { receipts } = await record([eventOf('evt_1')]);
    expect(receipts).toEqual(['duplicate']);
    await sendAll();
    expect(await outcomeOf('evt_1')).toBe('repeated');
    expect(messages).toHaveLength(1);
  });

  /** Records the alert, and dies before it records that the count of those that were not repeated has ended. */
  async function dieBeforeEnd({ createProcess, deliveries }: Awaited<ReturnType<typeof setup>>, id: string) {
    const { endCount } = deliveries;
    deliveries.endCount = async () => {
      throw new Error('killed');
    };
    await expect(createProcess()([eventOf(id)])).rejects.toThrow('killed');
    deliveries.endCount = endCount;
  }

  test.each([
    ['', async () => {}],
    [
      ', even if the event is posted again',
      async ({ record }: Awaited<ReturnType<typeof setup>>) => void (await record([eventOf('evt_3')])),
    ],
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
    await dieAfterEvent(at, 'evt_1');
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
    await dieAfterEvent(at, 'evt_1');
    await record([eventOf('evt_1')]);
    await sendAll();
    expect(await outcomeOf('evt_1')).toBe('sent');
    await record([eventOf('evt_1')]);
    expect(await outcomeOf('evt_1')).toBe('sent');
    expect(await post('evt_2')).toBe('repeated');
  });
});
