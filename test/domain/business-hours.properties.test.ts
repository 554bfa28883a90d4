import DateHolidays from 'date-holidays';
import fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { describe, expect, test } from 'vitest';
import { type BusinessWeek, isOpen, nextOpening } from '../../src/domain/business-hours.ts';
import { noHolidays } from '../../src/domain/holidays.ts';
import { type Weekday, weekdays } from '../../src/domain/vocabulary.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/time.ts';
import { propertyRuns } from '../support/property-runs.ts';

const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Kolkata', 'Europe/Kyiv'];

/** In the day, over midnight, whole days, and within the hour in which most clocks change. */
const kinds = [
  ['09:00', '17:00'],
  ['22:00', '06:00'],
  ['00:00', '24:00'],
  ['00:30', '02:30'],
  ['02:15', '02:45'],
  ['23:30', '00:15'],
].map(([start = '', end = '']) => ({ start, end }));

function toTime(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

const wallMinutes = fc.oneof(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 0, max: 1439 }));
const anyHours = fc
  .record({
    start: wallMinutes.map(toTime),
    end: fc.oneof({ arbitrary: wallMinutes, weight: 9 }, fc.constant(1440)).map(toTime),
  })
  .filter(({ start, end }) => start !== end);

/** The same hours each day, or different ones. */
const anyDays = fc.oneof(
  fc
    .record({ days: fc.subarray([...weekdays], { minLength: 1 }), hours: anyHours })
    .map(({ days, hours }) => Object.fromEntries(days.map((day) => [day, hours]))),
  fc.dictionary(fc.constantFrom(...weekdays), anyHours, { minKeys: 1, noNullPrototype: true }),
);

/** Dates around an instant, some closed and some that end early. */
function anyDates(around: number): fc.Arbitrary<BusinessWeek['holidays']['dates']> {
  const dates = fc.uniqueArray(fc.integer({ min: -3, max: 25 }), { maxLength: 12 });
  const until = fc.option(wallMinutes.map(toTime), { freq: 1 });
  return fc.tuple(dates, fc.array(until, { minLength: 12, maxLength: 12 })).map(([days, ends]) =>
    days.map((day, index) => ({
      date: new Date(around + day * dayMs).toISOString().slice(0, 10),
      until: ends[index] ?? null,
    })),
  );
}

/** The instants at which a zone's offset changes. */
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

/** A whole minute of 2005 to 2036, mostly within a day of a change of the zone's offset. */
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

const calendars = [
  { country: null, region: null },
  { country: 'DE', region: 'BY' },
  { country: 'US', region: null },
  { country: 'JP', region: null },
];

const anyCase = fc
  .constantFrom(...zones)
  .chain((timeZone) => fc.record({ timeZone: fc.constant(timeZone), instant: anyInstantIn(timeZone) }))
  .chain(({ timeZone, instant }) =>
    fc.record({
      instant: fc.constant(instant),
      week: fc.record({
        timeZone: fc.constant(timeZone),
        days: anyDays,
        holidays: fc
          .record({ calendar: fc.constantFrom(...calendars), dates: anyDates(instant) })
          .map(({ calendar, dates }) => ({ ...calendar, dates })),
      }),
    }),
  );

/**
 * By what the clock and the calendar show, and nothing else.
 * @param wall the wall-clock time, as the ms since 1970 at which a UTC clock shows the same
 */
function isOpenOnTheWall(week: BusinessWeek, wall: number): boolean {
  const day = Math.floor(wall / dayMs);
  const minutes = Math.floor((wall - day * dayMs) / minuteMs);
  return isWithin(week, day, minutes) || isWithin(week, day - 1, minutes + 1440);
}

/** Whether the hours that start on a day are open at that minute. */
function isWithin({ days, holidays }: BusinessWeek, day: number, minutes: number): boolean {
  // 1 January 1970 was a Thursday.
  const hours = days[weekdays[(day + 3) % 7] as Weekday];
  if (hours === undefined) return false;
  const start = toMinutes(hours.start);
  const end = toMinutes(hours.end) + (hours.end < hours.start ? 1440 : 0);
  if (minutes < start || minutes >= end) return false;
  return minutes < (closedFrom(holidays, new Date(day * dayMs).toISOString().slice(0, 10)) ?? end);
}

function toMinutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** The minute of a date from which there are no hours. */
function closedFrom({ country, region, dates }: BusinessWeek['holidays'], date: string): number | undefined {
  const own = dates.find((each) => each.date === date);
  if (own !== undefined) return own.until === null ? 0 : toMinutes(own.until);
  if (country === null) return undefined;
  return publicHolidays(country, region, Number(date.slice(0, 4))).has(date) ? 0 : undefined;
}

const known = new Map<string, Set<string>>();

function publicHolidays(country: string, region: string | null, year: number): Set<string> {
  const key = `${country}/${region}/${year}`;
  const dates = known.get(key) ?? new Set<string>();
  if (!known.has(key)) {
    const calendar = new DateHolidays(
      { country, ...(region !== null && { state: region }) },
      { types: ['public'] },
    );
    for (const { date } of calendar.getHolidays(year)) dates.add(date.slice(0, 10));
    known.set(key, dates);
  }
  return dates;
}

/** The latest time that the clock has shown: one that is set back counts as standing still. */
function latestOnTheWall(timeZone: string, instant: number): number {
  const zone = IANAZone.create(timeZone);
  let latest = Number.NEGATIVE_INFINITY;
  for (let past = instant - 4 * hourMs; past <= instant; past += minuteMs)
    latest = Math.max(latest, past + zone.offset(past) * minuteMs);
  return latest;
}

/** The first open minute, found by checking every minute for at most two days. */
function searchOpening(week: BusinessWeek, instant: number): number | undefined {
  const zone = IANAZone.create(week.timeZone);
  let latest = latestOnTheWall(week.timeZone, instant);
  for (let now = instant; now < instant + 2 * dayMs; now += minuteMs) {
    latest = Math.max(latest, now + zone.offset(now) * minuteMs);
    if (isOpenOnTheWall(week, latest)) return now;
  }
  return undefined;
}

describe('for business hours of any kind, in any zone, near and far from a change of the clock', () => {
  test('the next opening is the one that a minute-by-minute look at the clock finds', () => {
    fc.assert(
      fc.property(anyCase, ({ week, instant }) => {
        const next = nextOpening(week, new Date(instant)).getTime();
        const found = searchOpening(week, instant);
        if (found === undefined) expect(next).toBeGreaterThanOrEqual(instant + 2 * dayMs);
        else expect(new Date(next)).toEqual(new Date(found));
      }),
      { numRuns: propertyRuns(150) },
    );
  });

  test('they are open at the next opening, and at no instant between now and then', () => {
    fc.assert(
      fc.property(anyCase, fc.double({ min: 0, max: 1, noNaN: true }), ({ week, instant }, part) => {
        const next = nextOpening(week, new Date(instant));
        expect(isOpen(week, next)).toBe(true);
        expect(nextOpening(week, next)).toEqual(next);
        if (next.getTime() === instant) return;
        expect(isOpen(week, new Date(next.getTime() - 1))).toBe(false);
        const between = new Date(instant + Math.floor(part * (next.getTime() - 1 - instant)));
        expect(isOpen(week, between)).toBe(false);
        expect(nextOpening(week, between)).toEqual(next);
      }),
      { numRuns: propertyRuns(500) },
    );
  });
});

test('in any zone, business hours are open when the clock on the wall says so', () => {
  const year = Date.UTC(2026, 0, 1);
  const length = propertyRuns(zones.length);
  const [some = []] = fc.sample(fc.subarray(zones, { minLength: length, maxLength: length }), 1);
  const wrong: string[] = [];
  for (const timeZone of some)
    for (const change of [year, ...changesOf(timeZone, year, year + 365 * dayMs)])
      for (const instant of [
        change - 25 * hourMs,
        change - 1,
        change,
        change + 20 * minuteMs,
        change + 90 * minuteMs,
      ]) {
        const wall = DateTime.fromMillis(instant, { zone: timeZone });
        // An hour that occurs twice counts once: see the minute-by-minute search.
        if (wall.getPossibleOffsets().length > 1) continue;
        for (const kind of kinds) {
          const days = Object.fromEntries(weekdays.slice(1).map((day) => [day, kind]));
          const week = { days, timeZone, holidays: noHolidays };
          if (isOpen(week, new Date(instant)) !== isOpenOnTheWall(week, instant + wall.offset * minuteMs))
            wrong.push(`${kind.start}–${kind.end} at ${wall.toISO()} ${timeZone}`);
        }
      }
  expect(wrong).toEqual([]);
});
