import { describe, expect, test } from 'vitest';
import { type RunFixture, toRun } from './run-fixture.ts';
import { verifyRun } from './verify-run.ts';

/** The problems found: kind and events. */
function problemsOf(fixture: RunFixture): string[] {
  return verifyRun(toRun(fixture)).problems.map(({ kind, eventIds }) => [kind, ...eventIds].join(' '));
}

describe('verifyRun', () => {
  test('reports nothing about a run in which all is well', () => {
    const result = verifyRun(
      toRun({
        posted: [
          { ids: ['a', 'b'], at: 100 },
          { ids: ['c'], at: 200 },
        ],
        arrived: [
          { ids: ['a'], at: 90 },
          { ids: ['b', 'c'], at: 1100 },
        ],
      }),
    );
    expect(result).toMatchObject({ problems: [], due: 3, arrived: 3, explained: {} });
    expect(result.delays.map(({ eventId, ms }) => [eventId, ms])).toEqual([
      ['a', 0],
      ['c', 900],
      ['b', 1000],
    ]);
  });

  test('reports an alert that never arrived', () => {
    expect(
      problemsOf({ posted: [{ ids: ['a', 'b'], at: 100 }], arrived: [{ ids: ['a'], at: 200 }] }),
    ).toEqual(['lost b']);
  });

  test('reports a missing 202', () => {
    const run = toRun({ posted: [{ ids: ['a'], at: 100 }], arrived: [{ ids: ['a'], at: 200 }] });
    for (const post of run.posts) post.answeredAt = undefined;
    expect(verifyRun(run).problems).toMatchObject([{ kind: 'unanswered', eventIds: ['a'] }]);
  });

  test('reports an unexpected answer', () => {
    const run = toRun({ posted: [{ ids: ['a'], at: 100 }], arrived: [{ ids: ['a'], at: 200 }] });
    const outcomes = ['503', 'TimeoutError', '500', '202'];
    for (const post of run.posts)
      post.attempts = outcomes.map((outcome) => ({ slot: 0, from: 0, to: 100, outcome }));
    expect(verifyRun(run).problems.map(({ text }) => text)).toEqual(['process 0 answered 500 to a']);
  });

  test('reports an alert in a channel whose rules suppress it, and one that nobody posted', () => {
    const posted = [{ ids: ['a'], at: 100, channelIds: [] }];
    expect(problemsOf({ posted, arrived: [{ ids: ['a', 'x'], at: 200 }] })).toEqual([
      'unexpected a',
      'unexpected x',
    ]);
  });

  test('reports a second reminder, and one of an alert that is not critical', () => {
    const posted = [
      { ids: ['a'], at: 100, isCritical: true },
      { ids: ['b'], at: 100 },
    ];
    const alerts = { ids: ['a', 'b'], at: 200 };
    const once = { ids: ['a'], at: 1300, isReminder: true };
    expect(problemsOf({ posted, arrived: [alerts, once] })).toEqual([]);
    expect(problemsOf({ posted, arrived: [alerts, once, { ...once, at: 9000 }] })).toEqual(['duplicate a']);
    expect(problemsOf({ posted, arrived: [alerts, { ...once, ids: ['b'] }] })).toEqual(['unexpected b']);
  });

  test('accepts in a digest what belongs there, and does not miss it', () => {
    const posted = [{ ids: ['a', 'b'], at: 100, channelIds: [], digestIds: ['C1'] }];
    expect(problemsOf({ posted, arrived: [{ ids: ['b'], at: 200 }] })).toEqual([]);
    const twice = [
      { ids: ['b'], at: 200 },
      { ids: ['b'], at: 9000 },
    ];
    expect(problemsOf({ posted, arrived: twice })).toEqual(['duplicate b']);
  });

  test('reports that Slack was posted to too fast, unless a process had just died or resumed', () => {
    const call = { channelId: 'C1', status: 429, body: 'rate_limited', isFaulty: false, eventIds: [] };
    const killed = { kind: 'kill', slot: 1, from: 10_000, to: 20_000 } as const;
    const seen = (at: number) =>
      problemsOf({ posted: [], arrived: [], outages: [killed], refusedCalls: [{ ...call, at }] });
    expect([9000, 11_000, 15_000, 21_000, 24_000].map((at) => seen(at).length)).toEqual([1, 0, 1, 0, 1]);
  });

  test('reports that Slack refused a message, unless it was told to', () => {
    const call = { at: 5, channelId: 'C1', status: 400, body: 'invalid_blocks', eventIds: [] };
    const seen = (isFaulty: boolean) =>
      problemsOf({ posted: [], arrived: [], refusedCalls: [{ ...call, isFaulty }] });
    expect([seen(false), seen(true)]).toEqual([['refused'], []]);
  });
});
