import { Collection } from 'mongodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { dayMs } from '../../src/lib/time.ts';
import { eventOf, notRepeated, setupRepeats } from '../support/setup-repeats.ts';

const setup = setupRepeats();

describe('an alert like one that was sent', () => {
  test('in the same request is not repeated either, in any order of levels', async () => {
    const { record, sendAll, messages, outcomeOf, clock } = await setup();
    const levels = ['medium', 'medium', 'critical', 'low', 'high', 'critical'] as const;
    const { receipts } = await record(levels.map((risk_level, at) => eventOf(`evt_${at}`, { risk_level })));
    expect(receipts).toEqual(levels.map(() => 'accepted'));
    await sendAll();
    expect(await Promise.all(levels.map((_, at) => outcomeOf(`evt_${at}`)))).toEqual([
      'sent',
      'repeated',
      'sent',
      'repeated',
      'repeated',
      'repeated',
    ]);
    expect(messages[0]).toContain('1 similar alert since');
    await clock.advance(dayMs);
    await record([eventOf('evt_next')]);
    await sendAll();
    expect(messages.at(-1)).toContain('3 similar alerts since');
  });

  test('counts in a request with one that passes, before it and after it', async () => {
    const { post, record, sendAll, clock, messages, outcomeOf } = await setup();
    await post('evt_1', { risk_level: 'low' });
    const levels = ['low', 'medium', 'low', 'medium', 'low'] as const;
    await record(levels.map((risk_level, at) => eventOf(`evt_at_${at}`, { risk_level })));
    await sendAll();
    expect(messages[1]).toContain('1 similar alert since');
    expect(await Promise.all(levels.map((_, at) => outcomeOf(`evt_at_${at}`)))).toEqual([
      'repeated',
      'sent',
      'repeated',
      'repeated',
      'repeated',
    ]);
    await clock.advance(dayMs);
    await post('evt_2');
    expect(messages[2]).toContain('3 similar alerts since');
  });

  test('counts in a request even if the event before it is a duplicate', async () => {
    const { record, post, sendAll, clock, outcomeOf } = await setup();
    await post('evt_1');
    await clock.advance(dayMs);
    const { receipts } = await record([eventOf('evt_1'), eventOf('evt_2'), eventOf('evt_1')]);
    expect(receipts).toEqual(['duplicate', 'accepted', 'duplicate']);
    await sendAll();
    expect(await outcomeOf('evt_2')).toBe('sent');
  });

  test('is counted by one command for all customers of a request', async () => {
    const { record, clock, messages, sendAll } = await setup();
    const { customer } = eventOf('evt');
    const named = Array.from({ length: 5 }, (_, index) => ({
      ...customer,
      id: `c${index}`,
      name: `C${index}`,
    }));
    const postAll = (round: string) =>
      record(named.map((each, index) => eventOf(`evt_${round}_${index}`, { customer: each })));
    await postAll('first');
    await sendAll();
    for (const [id, index] of [
      ['evt_a', 1],
      ['evt_b', 1],
      ['evt_c', 1],
      ['evt_d', 3],
    ] as const)
      await record([eventOf(id, { customer: { ...customer, ...named[index] } })]);
    await clock.advance(dayMs);
    const aggregate = vi.spyOn(Collection.prototype, 'aggregate');
    onTestFinished(() => aggregate.mockRestore());
    await postAll('second');
    const asked = aggregate.mock.contexts.map((each) => (each as Collection).collectionName);
    expect(asked.filter((name) => name === 'events')).toHaveLength(1);
    await sendAll();
    expect(messages.at(-1)?.match(/\d similar alerts? since/g)).toEqual([
      '3 similar alerts since',
      '1 similar alert since',
    ]);
  });

  test('is counted until a new one passes, also if the first event is posted again in between', async () => {
    const { post, record, clock, messages } = await setup();
    await post('evt_1');
    expect(await post('evt_2')).toBe('repeated');
    await clock.advance(dayMs);
    expect((await record([eventOf('evt_1')])).receipts).toEqual(['duplicate']);
    const other = { ...eventOf('evt_1'), summary: 'Other content' };
    expect((await record([other])).receipts).toEqual(['conflict']);
    expect(await post('evt_3')).toBe('sent');
    expect(messages.at(-1)).toMatch(notRepeated);
  });

  test('costs as few commands as others when many are posted again', async () => {
    const { record, events, createProcess, clock, documents } = await setup();
    const posted = Array.from({ length: 40 }, (_, index) => eventOf(`evt_${index}`));
    await record(posted);
    await documents.updateMany({}, { $set: { state: 'failed' } });
    await clock.advance(2 * dayMs);
    const insertWithDeliveries = vi.fn(events.insertWithDeliveries);
    const insert = vi.fn(events.insert);
    const again = createProcess({ insertWithDeliveries, insert });
    expect((await again(posted)).receipts).toEqual(posted.map(() => 'duplicate'));
    expect(insertWithDeliveries).toHaveBeenCalledTimes(2);
    expect(insert).toHaveBeenCalledTimes(2);
  });
});
