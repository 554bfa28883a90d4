import { describe, expect, test } from 'vitest';
import { reckon } from './reckon.ts';
import { type Sketch, toRun } from './sketch.ts';

type Posted = Sketch['posted'][number];

/** The pairs that came in the wrong order, when the alerts arrived as listed. */
function wrong(posted: Posted[], ...order: string[]): string[] {
  const arrived = order.map((id, index) => ({ ids: [id], at: 5000 + 1000 * index }));
  return reckon(toRun({ posted, arrived })).problems.map(({ kind, eventIds }) =>
    [kind, ...eventIds].join(' '),
  );
}

describe('order', () => {
  const one: Posted = { ids: ['a'], at: 100 };
  const two: Posted = { ids: ['b'], at: 200 };

  test('between requests one after the other is kept', () => {
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
    expect(reckon(run).problems).toEqual([]);
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

  test('is not promised within a batch that took several tries', () => {
    expect(wrong([{ ids: ['a', 'b'], at: 100, slots: [0, 0] }], 'b', 'a')).toEqual([]);
  });

  test('is not promised to what may have failed meanwhile, but to what had to wait', () => {
    const failed = (status: number, at: number) =>
      reckon(
        toRun({
          posted: [one, two],
          arrived: [
            { ids: ['b'], at: 5000 },
            { ids: ['a'], at: 6000 },
          ],
          refusedCalls: [{ at, channelId: 'C1', status, body: '', isFaulty: true }],
        }),
      ).problems.map(({ kind }) => kind);
    expect(failed(500, 4000)).toEqual([]);
    expect(failed(500, 50)).toEqual(['out of order']);
    expect(failed(429, 4000)).toEqual(['out of order']);
  });

  test('is seen however far apart the two are', () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ ids: [`m${index}`], at: 1000 + 100 * index }));
    const ids = many.map(({ ids: [id = ''] }) => id);
    expect(wrong([one, ...many], ...ids, 'a')).toHaveLength(50);
  });
});
