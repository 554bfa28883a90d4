import DateHolidays from 'date-holidays';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { dayMs } from '../lib/time.ts';
import { timeOfDay } from './wall-clock.ts';

const maxOwnDates = 40;

const faults = {
  calendar:
    'must be a country such as DE, with a region such as BY or null; both null for no public holidays',
  date: 'must be a date such as 2026-12-24',
  until: 'must be a time such as 13:00, 24:00 for a day like any other, or null for none of its hours',
};

/** A date on which the hours end early (`until`), or there are none (`null`). */
const ownDateSchema = z.strictObject({
  date: z.iso.date(faults.date),
  until: z
    .string(faults.until)
    .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, faults.until)
    .nullable(),
});

/** The country is an ISO 3166-1 code, the region the part of its ISO 3166-2 code after the country. */
export const holidaysSchema = z
  .strictObject({
    country: z.string(faults.calendar).nullable(),
    region: z.string(faults.calendar).nullable(),
    dates: z
      .array(ownDateSchema)
      .max(maxOwnDates, `must be at most ${maxOwnDates} dates`)
      .refine((dates) => new Set(dates.map(({ date }) => date)).size === dates.length, {
        error: 'must not list a date twice',
      })
      .overwrite((dates) => dates.toSorted((one, other) => one.date.localeCompare(other.date))),
  })
  .refine(({ country, region }) => isCalendar(country, region), {
    path: ['country'],
    error: faults.calendar,
  });

export type Holidays = z.infer<typeof holidaysSchema>;

export const noHolidays: Holidays = { country: null, region: null, dates: [] };

/** `from` is in milliseconds of its wall clock; `name` is in English. */
export type Closure = { from: number; name: string | null };

/** @param date in days since 1 January 1970 */
export function findClosure({ country, region, dates }: Holidays, date: number): Closure | undefined {
  if (dates.length > 0) {
    const iso = toIsoDate(date);
    const own = dates.find((each) => each.date === iso);
    if (own !== undefined) return { from: own.until === null ? 0 : timeOfDay(own.until), name: null };
  }
  return country === null ? undefined : publicHolidays(country, region, yearOf(date)).get(date);
}

function toIsoDate(date: number): string {
  return new Date(date * dayMs).toISOString().slice(0, 10);
}

function yearOf(date: number): number {
  return new Date(date * dayMs).getUTCFullYear();
}

const countries = new DateHolidays().getCountries('en');

function regionsOf(country: string): Record<string, string> {
  return new DateHolidays().getStates(country, 'en') ?? {};
}

function isCalendar(country: string | null, region: string | null): boolean {
  if (country === null) return region === null;
  return Object.hasOwn(countries, country) && (region === null || Object.hasOwn(regionsOf(country), region));
}

export type HolidayCalendar = { country: string; region: string | null; name: string };

let calendars: HolidayCalendar[] | undefined;

export function listCalendars(): readonly HolidayCalendar[] {
  calendars ??= Object.entries(countries).flatMap(([country, name]) => [
    { country, region: null, name },
    ...Object.entries(regionsOf(country)).map(([region, part]) => ({
      country,
      region,
      name: `${name}, ${part}`,
    })),
  ]);
  return calendars;
}

/** Returns "Germany, Bayern", for example. */
export function nameCalendar(country: string, region: string | null): string {
  const name = countries[country] ?? country;
  return region === null ? name : `${name}, ${regionsOf(country)[region] ?? region}`;
}

/**
 * Closures by date, for one calendar and year each: about 1 MB in all. There is space for every calendar in
 * three years, since reading one of them blocks the process for up to 0.3 s.
 */
const years = new LRUCache<string, Map<number, Closure>>({ max: 2000 });

function publicHolidays(country: string, region: string | null, year: number): ReadonlyMap<number, Closure> {
  const key = `${country}/${region ?? ''}/${year}`;
  const known = years.get(key);
  if (known !== undefined) return known;
  const calendar = new DateHolidays(
    { country, ...(region !== null && { state: region }) },
    { types: ['public'] },
  );
  const closures = new Map<number, Closure>();
  // A holiday of several days may start in the previous year.
  for (const holiday of [...calendar.getHolidays(year - 1, 'en'), ...calendar.getHolidays(year, 'en')])
    for (const { date, from } of daysOf(holiday)) {
      const earlier = closures.get(date);
      if (earlier === undefined || from < earlier.from) closures.set(date, { from, name: holiday.name });
    }
  years.set(key, closures);
  return closures;
}

/** Lists the days of a holiday, some of which start at noon. */
function daysOf({
  date,
  start,
  end,
}: {
  date: string;
  start: Date;
  end: Date;
}): { date: number; from: number }[] {
  const first = Date.parse(date.slice(0, 10)) / dayMs;
  const count = Math.max(1, Math.round((end.getTime() - start.getTime()) / dayMs));
  return Array.from({ length: count }, (_, index) => ({
    date: first + index,
    from: index === 0 ? timeOfDay(date.slice(11, 16)) : 0,
  }));
}
