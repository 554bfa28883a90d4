import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRepeat, type RecentAlert, repeatWindow } from '../../src/domain/repeats.ts';
import { type RepeatAfter, repeatChoices } from '../../src/domain/rules.ts';
import { type RiskLevel, riskLevels } from '../../src/domain/vocabulary.ts';
import { dayMs, hourMs } from '../../src/lib/time.ts';

const now = new Date('2026-03-02T14:05:00Z');

const sent = (level: RiskLevel | undefined, agoMs: number): RecentAlert => ({
  level,
  at: new Date(now.getTime() - agoMs),
});

describe('whether an alert repeats a recent one', () => {
  test.each<[string, RiskLevel | undefined, RecentAlert[], RepeatAfter, boolean]>([
    ['the same level a minute ago', 'high', [sent('high', 60_000)], '1_hour', true],
    ['a lower level than before', 'low', [sent('high', 60_000)], '1_hour', true],
    ['a higher level than before', 'critical', [sent('high', 60_000)], '1_hour', false],
    [
      'a higher level after a lower and an equal one',
      'high',
      [sent('low', 1), sent('high', 2)],
      '1_hour',
      true,
    ],
    ['critical again', 'critical', [sent('critical', 60_000)], '7_days', true],
    ['the last millisecond of the time', 'high', [sent('high', hourMs - 1)], '1_hour', true],
    ['after exactly the time', 'high', [sent('high', hourMs)], '1_hour', false],
    ['after 6 hours, of a day', 'high', [sent('high', 6 * hourMs)], '1_day', true],
    ['after 6 days, of 7', 'high', [sent('high', 6 * dayMs)], '7_days', true],
    ['nothing before', 'high', [], '7_days', false],
    ['where repeats are sent at once', 'high', [sent('high', 1)], 'at_once', false],
    ['no level after no level', undefined, [sent(undefined, 1)], '1_hour', true],
    ['no level after the lowest level', undefined, [sent('low', 1)], '1_hour', true],
    ['the lowest level after no level', 'low', [sent(undefined, 1)], '1_hour', false],
    ['an alert that a wrong clock dated a minute ahead', 'high', [sent('high', -60_000)], '1_hour', true],
    ['one that a wrong clock dated a year ahead', 'high', [sent('high', -365 * dayMs)], '1_hour', false],
  ])('%s', (_, level, recent, after, expected) => {
    expect(isRepeat(level, recent, after, now)).toBe(expected);
  });

  const level = fc.option(fc.constantFrom(...riskLevels), { nil: undefined });
  const agoMs = fc.integer({ min: -dayMs, max: 8 * dayMs });
  const alert = fc.tuple(level, agoMs).map((each) => sent(...each));
  const choice = fc.constantFrom(...repeatChoices);

  test('a longer time, and more that was sent, never let more pass', () => {
    fc.assert(
      fc.property(level, fc.array(alert), alert, choice, choice, (of, some, more, one, other) => {
        const [short, long] = repeatWindow(one) < repeatWindow(other) ? [one, other] : [other, one];
        if (!isRepeat(of, some, short, now)) return;
        expect(isRepeat(of, some, long, now)).toBe(true);
        expect(isRepeat(of, [more, ...some], short, now)).toBe(true);
      }),
    );
  });

  test('of any alerts one after the other, none passes within the time after one of at least its level', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(level, fc.integer({ min: 0, max: 2 * dayMs })), { maxLength: 40 }),
        choice,
        (steps, after) => {
          const passed: RecentAlert[] = [];
          let at = now.getTime();
          for (const [of, waitMs] of steps) {
            at += waitMs;
            const alert = { level: of, at: new Date(at) };
            if (!isRepeat(of, passed, after, alert.at)) passed.push(alert);
          }
          const rank = (of: RiskLevel | undefined) => (of === undefined ? -1 : riskLevels.indexOf(of));
          for (const [index, later] of passed.entries())
            for (const earlier of passed.slice(0, index))
              if (rank(earlier.level) >= rank(later.level))
                expect(later.at.getTime() - earlier.at.getTime()).toBeGreaterThanOrEqual(repeatWindow(after));
        },
      ),
    );
  });
});
