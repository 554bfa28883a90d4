import { describe, expect, test } from 'vitest';
import { type RunFixture, toRun } from './run-fixture.ts';
import type { RefusedCall } from './run-record.ts';
import { verifyRun } from './verify-run.ts';

type Posted = RunFixture['posted'][number];

/** The pairs in the wrong order, if the alerts arrive as listed. */
function wrong(posted: Posted[], ...order: string[]): string[] {
  const arrived = order.map((id, index) => ({ ids: [id], at: 5000 + 1000 * index }));
  return verifyRun(toRun({ posted, arrived })).problems.map(({ kind, eventIds }) =>
    [kind, ...eventIds].join(' '),
  );
}

describe('order', () => {
  const one: Posted = { ids: ['a'], at: 100 };
  const two: Posted = { ids: ['b'], at: 200 };

  test('between consecutive requests is kept', () => {
    expect(wrong([one, two], 'a', 'b')).toEqual([]);
    expect(wrong([one, two], 'b', 'a')).toEqual(['out of order a b']);
  });

  test('within a batch is kept', () => {
    const batch = { ids: ['a', 'b', 'c'], at: 100 };
    expect(wrong([batch], 'a', 'b', 'c')).toEqual([]);
    expect(wrong([batch], 'a', 'c', 'b')).toEqual(['out of order b c']);
  });

  test('is that of the first arrivals', () => {
    const run = toRun({
      posted: [one, two],
      arrived: [
        { ids: ['a'], at: 1000, lost: 'armed' },
        { ids: ['b'], at: 2000 },
        { ids: ['a'], at: 3000 },
      ],
    });
    expect(verifyRun(run).problems).toEqual([]);
  });

  test('is not promised to critical alerts', () => {
    expect(wrong([one, { ...two, isCritical: true }], 'b', 'a')).toEqual([]);
  });

  test('is not promised to requests that overlap', () => {
    expect(wrong([one, { ...two, from: 50 }], 'b', 'a')).toEqual([]);
  });

  test('is not promised between processes, whose clocks differ', () => {
    expect(wrong([one, { ...two, slots: [1] }], 'b', 'a')).toEqual([]);
    expect(wrong([{ ...one, slots: [0, 1] }, two], 'b', 'a')).toEqual([]);
  });

  test('is not promised within a batch that took several attempts', () => {
    expect(wrong([{ ids: ['a', 'b'], at: 100, slots: [0, 0] }], 'b', 'a')).toEqual([]);
  });

  test.each<[string, Partial<RefusedCall>, boolean]>([
    ['that failed before', { eventIds: ['a'] }, false],
    ['that failed together with the other', { eventIds: ['a', 'b'] }, false],
    ['whose process was gone before Slack took it', { eventIds: ['a'], status: 0 }, false],
    ['beside which the other failed', { eventIds: ['b'] }, true],
    ['beside which a third one failed', { eventIds: ['c'] }, true],
    ['beside which something failed that is no alert', { eventIds: [] }, true],
    ['that failed in another channel', { eventIds: ['a'], channelId: 'C2' }, true],
    ['that failed only after it came', { eventIds: ['a'], at: 6500 }, true],
    ['that only had to wait', { eventIds: ['a'], status: 429 }, true],
  ])('of an alert %s', (_, call, isPromised) => {
    const failed = {
      at: 4000,
      channelId: 'C1',
      status: 500,
      body: '',
      isFaulty: true,
      eventIds: [],
      ...call,
    };
    const { problems } = verifyRun(
      toRun({
        posted: [one, two],
        arrived: [
          { ids: ['b'], at: 5000 },
          { ids: ['a'], at: 6000 },
        ],
        refusedCalls: [failed],
      }),
    );
    expect(problems.map(({ kind }) => kind)).toEqual(isPromised ? ['out of order'] : []);
  });

  test('is still promised to an alert beside one that failed', () => {
    const refused = { at: 900, channelId: 'C1', status: 500, body: '', isFaulty: true, eventIds: ['a'] };
    const run = toRun({
      posted: [{ ids: ['a', 'b', 'c'], at: 100 }],
      arrived: [
        { ids: ['c'], at: 1000 },
        { ids: ['b'], at: 2000 },
        { ids: ['a'], at: 3000 },
      ],
      refusedCalls: [refused],
    });
    expect(verifyRun(run).problems.map(({ eventIds }) => eventIds.join(' '))).toEqual(['b c']);
  });

  test('is noticed however far apart the two are', () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ ids: [`m${index}`], at: 1000 + 100 * index }));
    const ids = many.map(({ ids: [id = ''] }) => id);
    expect(wrong([one, ...many], ...ids, 'a')).toHaveLength(50);
  });
});
