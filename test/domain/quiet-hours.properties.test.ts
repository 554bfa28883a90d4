import fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { describe, expect, test } from 'vitest';
import { isOpen, nextOpening, type QuietHours } from '../../src/domain/quiet-hours.ts';
import { weekdays } from '../../src/domain/vocabulary.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/time.ts';
import { propertyRuns } from '../support/property-runs.ts';

const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Kolkata', 'Europe/Kyiv'];

/** Hours of every kind: in the day, over midnight, whole days, and within the hour in which most clocks change. */
const kinds = [
  ['09:00', '17:00'],
  ['22:00', '06:00'],
  ['00:00', '24:00'],
  ['00:30', '02:30'],
  ['02:15', '02:45'],
  ['23:30', '00:15'],
].map(([start = '', end = '']) => ({ businessDays: [...weekdays].slice(1), start, end }));

function toTime(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

const wallMinutes = fc.oneof(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 0, max: 1439 }));
const anyQuietHours: fc.Arbitrary<QuietHours> = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    businessDays: fc.subarray([...weekdays], { minLength: 1 }),
    start: wallMinutes.map(toTime),
    end: fc.oneof({ arbitrary: wallMinutes, weight: 9 }, fc.constant(1440)).map(toTime),
    after: fc.constant('digest' as const),
  })
  .filter(({ start, end }) => start !== end);

/** The instants from `from` to `until` at which a zone's offset changes; months apart, as they are today. */
function changesOf(timeZone: string, from: number, until: number): number[] {
  const zone = IANAZone.create(timeZone);
  const changes: number[] = [];
  for (let before = from; before < until; before += 14 * dayMs) {
    let [low, high] = [before, before + 14 * dayMs];
    if (zone.offset(low) === zone.offset(high)) continue;
    while (high - low > minuteMs) {
      const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs;
      if (zone.offset(middle) === zone.offset(low)) low = middle;
      else high = middle;
    }
    changes.push(high);
  }
  return changes;
}

/** An instant of the years 2005 to 2036 on a whole minute, most often within a day of a change of the zone's offset. */
function anyInstantIn(timeZone: string): fc.Arbitrary<number> {
  const start = Date.UTC(2005, 0, 1);
  return fc
    .tuple(fc.nat(31 * 365), fc.integer({ min: -dayMs / minuteMs, max: dayMs / minuteMs }))
    .map(([days, minutes]) => {
      const around = start + days * dayMs;
      const [change = around] = changesOf(timeZone, around, around + 200 * dayMs);
      return change + minutes * minuteMs;
    });
}

const anyCase = anyQuietHours.chain((quietHours) =>
  fc.record({ quietHours: fc.constant(quietHours), instant: anyInstantIn(quietHours.timeZone) }),
);

/** Whether business hours are open at a time on the wall, by nothing but what the clock shows. */
function isOpenOnTheWall({ businessDays, start, end }: QuietHours, wall: DateTime): boolean {
  const isBusinessDay = (weekday: number) => businessDays.includes(weekdays[(weekday + 6) % 7] ?? 'mon');
  const time = wall.toFormat('HH:mm');
  if (start < end) return isBusinessDay(wall.weekday) && start <= time && time < end;
  return (isBusinessDay(wall.weekday) && start <= time) || (isBusinessDay(wall.weekday - 1) && time < end);
}

/** The latest time that the clock has shown so far: one that is put back counts as one that stands still. */
function latestOnTheWall(timeZone: string, instant: number): number {
  const zone = IANAZone.create(timeZone);
  let latest = Number.NEGATIVE_INFINITY;
  for (let past = instant - 4 * hourMs; past <= instant; past += minuteMs)
    latest = Math.max(latest, past + zone.offset(past) * minuteMs);
  return latest;
}

/** The first minute that is open, found by looking at the clock every minute, for two days at most. */
function searchOpening(quietHours: QuietHours, instant: number): number | undefined {
  const zone = IANAZone.create(quietHours.timeZone);
  let latest = latestOnTheWall(quietHours.timeZone, instant);
  for (let now = instant; now < instant + 2 * dayMs; now += minuteMs) {
    latest = Math.max(latest, now + zone.offset(now) * minuteMs);
    if (isOpenOnTheWall(quietHours, DateTime.fromMillis(latest, { zone: 'UTC' }))) return now;
  }
  return undefined;
}

describe('for business hours of any kind, in any zone, near and far from a change of the clock', () => {
  test('the next opening is the one that a minute-by-minute look at the clock finds', () => {
    fc.assert(
      fc.property(anyCase, ({ quietHours, instant }) => {
        const next = nextOpening(quietHours, new Date(instant)).getTime();
        const found = searchOpening(quietHours, instant);
        if (found === undefined) expect(next).toBeGreaterThanOrEqual(instant + 2 * dayMs);
        else expect(new Date(next)).toEqual(new Date(found));
      }),
      { numRuns: propertyRuns(150) },
    );
  });

  test('they are open at the next opening, and at no instant between now and then', () => {
    fc.assert(
      fc.property(anyCase, fc.double({ min: 0, max: 1, noNaN: true }), ({ quietHours, instant }, part) => {
        const next = nextOpening(quietHours, new Date(instant));
        expect(isOpen(quietHours, next)).toBe(true);
        expect(nextOpening(quietHours, next)).toEqual(next);
        if (next.getTime() === instant) return;
        expect(isOpen(quietHours, new Date(next.getTime() - 1))).toBe(false);
        const between = new Date(instant + Math.floor(part * (next.getTime() - 1 - instant)));
        expect(isOpen(quietHours, between)).toBe(false);
        expect(nextOpening(quietHours, between)).toEqual(next);
      }),
      { numRuns: propertyRuns(500) },
    );
  });
});

test('in every zone, business hours are open when the clock on the wall says so', () => {
  const year = Date.UTC(2026, 0, 1);
  const wrong: string[] = [];
  for (const timeZone of zones)
    for (const change of [year, ...changesOf(timeZone, year, year + 365 * dayMs)])
      for (const instant of [
        change - 25 * hourMs,
        change - 1,
        change,
        change + 20 * minuteMs,
        change + 90 * minuteMs,
      ]) {
        const wall = DateTime.fromMillis(instant, { zone: timeZone });
        // An hour that comes twice counts once: see the minute-by-minute search.
        if (wall.getPossibleOffsets().length > 1) continue;
        for (const kind of kinds) {
          const quietHours: QuietHours = { ...kind, timeZone, after: 'digest' };
          if (isOpen(quietHours, new Date(instant)) !== isOpenOnTheWall(quietHours, wall))
            wrong.push(`${kind.start}–${kind.end} at ${wall.toISO()} ${timeZone}`);
        }
      }
  expect(wrong).toEqual([]);
});
