import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { toCustomerState } from '../../src/messages/customer-state.ts';
import { sampleEvent } from '../support/sample-events.ts';

type EventFields = Partial<Pick<PerlyEvent, 'type' | 'risk_level' | 'health_score' | 'occurred_at'>>;
type AtLeastOne<T> = readonly [T, ...T[]];

const { risk_level: _, health_score: __, ...bare } = sampleEvent('seed-example');

/** Alerts an hour apart, with the given fields. */
function stateOf([first, ...others]: AtLeastOne<EventFields>) {
  const toEvent = (fields: EventFields, hour: number): PerlyEvent => ({
    ...bare,
    type: 'expansion_signal',
    id: `evt_${hour}`,
    occurred_at: new Date(Date.UTC(2026, 2, 2, hour)).toISOString(),
    ...fields,
  });
  return toCustomerState([toEvent(first, 0), ...others.map((fields, index) => toEvent(fields, index + 1))]);
}

const scored = (current: number, change: number): EventFields => ({ health_score: { current, change } });

describe('the score is the latest, with the total change', () => {
  const cases: [string, AtLeastOne<EventFields>, { current: number; change: number } | undefined][] = [
    ['one alert’s own', [scored(32, -18)], { current: 32, change: -18 }],
    ['of two drops', [scored(41, -18), scored(32, -9)], { current: 32, change: -27 }],
    ['of a drop and a recovery', [scored(32, -18), scored(60, 28)], { current: 60, change: 10 }],
    ['back where it was', [scored(32, -18), scored(50, 18)], { current: 50, change: 0 }],
    ['over a gap in between', [scored(50, -10), scored(20, -5)], { current: 20, change: -40 }],
    [
      'with alerts that tell none',
      [{}, scored(41, -18), {}, scored(32, -9), {}],
      { current: 32, change: -27 },
    ],
    ['with only one that tells it', [{}, scored(41, -18), {}], { current: 41, change: -18 }],
    ['of decimals', [scored(50.3, -0.3), scored(50.1, -0.2)], { current: 50.1, change: -0.5 }],
    ['that changed by next to nothing', [scored(32.04, -0.04)], { current: 32, change: -0.1 }],
    ['of decimals that cancel out', [scored(0.3, 0.1), scored(0.2, -0.1)], { current: 0.2, change: 0 }],
    ['of none', [{}, {}], undefined],
  ];
  test.each(cases)('%s', (_name, fields, score) => {
    expect(stateOf(fields).score).toEqual(score);
  });

  test('in any order, if each alert has its own step', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 12 }), (scores) => {
        const [start = 0, ...stops] = scores;
        const [first, ...others] = stops.map((current, index) =>
          scored(current, current - (scores[index] ?? 0)),
        );
        if (first === undefined) return;
        expect(stateOf([first, ...others]).score).toEqual({
          current: scores.at(-1),
          change: (scores.at(-1) ?? 0) - start,
        });
      }),
    );
  });
});

describe('the risk level', () => {
  const cases: [string, AtLeastOne<PerlyEvent['risk_level']>, unknown, unknown][] = [
    ['of one alert', ['high'], 'high', undefined],
    ['that rose', ['low', 'high'], 'high', undefined],
    ['that fell', ['critical', 'high'], 'high', 'critical'],
    ['that rose and fell', ['low', 'critical', 'high', 'medium'], 'medium', 'critical'],
    ['that fell and rose again', ['high', 'low', 'high'], 'high', undefined],
    ['that only an earlier alert has', ['high', undefined], 'high', undefined],
    ['that none has', [undefined, undefined], undefined, undefined],
  ];
  test.each(cases)('%s', (_name, [first, ...others], riskLevel, worseLevel) => {
    const fields = (risk_level: PerlyEvent['risk_level']): EventFields => (risk_level ? { risk_level } : {});
    expect(stateOf([fields(first), ...others.map(fields)])).toMatchObject({ riskLevel, worseLevel });
  });
});

test('the types are counted, most frequent first, and most recent first among equals', () => {
  const types = [
    'health_score_drop',
    'expansion_signal',
    'health_score_drop',
    'billing_retry_failed',
  ] as const;
  expect(stateOf([{ type: 'upsell_opportunity' }, ...types.map((type) => ({ type }))]).fired).toEqual([
    { type: 'health_score_drop', times: 2 },
    { type: 'billing_retry_failed', times: 1 },
    { type: 'expansion_signal', times: 1 },
    { type: 'upsell_opportunity', times: 1 },
  ]);
});

describe('the latest alert', () => {
  test('is the latest by time, whatever arrived last and whatever the time zone', () => {
    const state = stateOf([
      { ...scored(10, -40), occurred_at: '2026-03-02T23:30:00-05:00' },
      { ...scored(50, -5), occurred_at: '2026-03-03t04:00:00z' },
    ]);
    expect(state.latest.id).toBe('evt_0');
    expect(state.score).toEqual({ current: 10, change: -45 });
  });

  const low = (occurred_at: string) => ({ ...bare, id: 'evt_low', risk_level: 'low', occurred_at }) as const;
  const high = (occurred_at: string) =>
    ({ ...bare, id: 'evt_high', risk_level: 'high', occurred_at }) as const;
  const arrivals = (lowAt: string, highAt: string) =>
    new Map([
      ['evt_low', new Date(lowAt)],
      ['evt_high', new Date(highAt)],
    ]);

  test.each(['2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z'])(
    'is what arrived at %s, after an alert from the future, even if it had occurred before that arrived',
    (arrival) => {
      const events = [low('2027-01-01T00:00:00Z'), high('2026-03-02T09:30:00Z')] as const;
      const state = toCustomerState(events, arrivals('2026-03-02T10:00:00Z', arrival));
      expect(state).toMatchObject({ latest: events[1], riskLevel: 'high', worseLevel: undefined });
    },
  );

  test('is not a late one if an earlier arrival is dated a few seconds ahead of our clock', () => {
    const events = [low('2026-03-02T10:00:07Z'), high('2026-03-02T09:30:00Z')] as const;
    const state = toCustomerState(events, arrivals('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z'));
    expect(state).toMatchObject({ latest: events[0], riskLevel: 'low', worseLevel: 'high' });
  });

  test('is the last to arrive if both have the same time', () => {
    const occurred_at = '2026-03-02T08:00:00Z';
    expect(stateOf([{ occurred_at }, { occurred_at }]).latest.id).toBe('evt_1');
  });
});
