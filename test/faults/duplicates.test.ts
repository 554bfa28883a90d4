import { describe, expect, test } from 'vitest';
import { type RunFixture, toRun } from './run-fixture.ts';
import type { Outage } from './run-record.ts';
import { verifyRun } from './verify-run.ts';

type Arrived = RunFixture['arrived'][number];

const first: Arrived = { ids: ['a'], at: 1000, slot: 1 };
const second: Arrived = { ids: ['a'], at: 30_000, slot: 0 };

/** The classification of an alert that came twice. */
function seen(arrived: Arrived[], ...outages: Outage[]) {
  const { problems, explained } = verifyRun(toRun({ posted: [{ ids: ['a'], at: 900 }], arrived, outages }));
  return { problems: problems.map(({ kind }) => kind), explained };
}

const unexplained = { problems: ['duplicate'], explained: {} };
const explainedBy = (reason: string) => ({ problems: [], explained: { [reason]: 1 } });

describe('a duplicate', () => {
  test('is not explained if Slack said ok and nothing was wrong', () => {
    expect(seen([first, second])).toEqual(unexplained);
  });

  test('within one message is not explained', () => {
    expect(seen([{ ids: ['a', 'a'], at: 1000 }])).toEqual(unexplained);
  });

  test('is explained by a lost answer', () => {
    for (const lost of ['armed', 'nobody there'] as const)
      expect(seen([{ ...first, lost }, second])).toEqual(explainedBy('answer lost'));
  });

  test("is explained by the app's own timeout, and not by a shorter one", () => {
    expect(seen([{ ...first, lost: 'by itself', tookMs: 10_000 }, second])).toEqual(
      explainedBy('answer lost'),
    );
    expect(seen([{ ...first, lost: 'by itself', tookMs: 500 }, second])).toEqual(unexplained);
  });

  test('is explained by the death or suspension of the process that had posted it', () => {
    const kill = { kind: 'kill', slot: 1, from: 1500, to: 4000 } as const;
    expect(seen([first, second], kill)).toEqual(explainedBy('sender killed'));
    expect(seen([first, second], { ...kill, kind: 'stop' })).toEqual(explainedBy('sender stopped'));
  });

  test.each([
    ['of another process', { kind: 'kill', slot: 0, from: 1500, to: 4000 }],
    ['that started too late', { kind: 'kill', slot: 1, from: 3500, to: 4000 }],
    ['that had already ended', { kind: 'stop', slot: 1, from: 100, to: 900 }],
  ] as const)('is not explained by an outage %s', (_what, outage) => {
    expect(seen([first, second], outage)).toEqual(unexplained);
  });

  test('is explained by a database that was cut off when it had to be recorded', () => {
    expect(seen([first, second], { kind: 'cut', from: 500, to: 5000 })).toEqual(explainedBy('database cut'));
  });

  test('is explained by a process that was suspended while it was posting', () => {
    const stop = { kind: 'stop', slot: 0, from: 500, to: 29_900 } as const;
    expect(seen([first, second], stop)).toEqual(explainedBy('stopped sender woke'));
    expect(seen([first, { ...second, at: 40_000 }], stop)).toEqual(unexplained);
  });

  test('is explained once: a third arrival needs another reason', () => {
    const third = { ...second, at: 31_000 };
    expect(seen([{ ...first, lost: 'armed' }, second, third])).toEqual({
      problems: ['duplicate'],
      explained: { 'answer lost': 1 },
    });
  });
});
