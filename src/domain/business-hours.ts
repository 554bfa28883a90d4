import { z } from 'zod';
import { dayMs } from '../lib/time.ts';
import { findClosure, type Holidays, holidaysSchema, noHolidays } from './holidays.ts';
import { findTimeZone } from './time-zone.ts';
import { type Weekday, weekdays } from './vocabulary.ts';
import { firstInstantAt, timeOfDay, wallTimeAt } from './wall-clock.ts';

const faults = {
  timeZone: 'must be a time zone such as Europe/Berlin',
  days: `must be an object with hours for some of ${weekdays.join(', ')}`,
  start: 'must be a time such as 09:00',
  end: 'must be a time such as 17:00, or 24:00 for midnight',
};

/** `HH:mm` on the wall clock. Hours belong to the day on which they start; an end before that is on the next. */
const hoursSchema = z
  .strictObject({
    start: z.string(faults.start).regex(/^([01]\d|2[0-3]):[0-5]\d$/, faults.start),
    end: z.string(faults.end).regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, faults.end),
  })
  .refine(({ start, end }) => start !== end, {
    path: ['end'],
    error: 'must differ from the start; all day is 00:00 to 24:00',
  });

export type Hours = z.infer<typeof hoursSchema>;

const timeZoneSchema = z
  .string(faults.timeZone)
  .refine((name) => findTimeZone(name) !== undefined, faults.timeZone)
  .overwrite((name) => findTimeZone(name) ?? name);

const daysSchema = z
  .partialRecord(z.enum(weekdays), hoursSchema, faults.days)
  .refine((days) => Object.keys(days).length > 0, { error: 'must have at least one day' })
  .overwrite((days) => Object.fromEntries(weekdays.flatMap((day) => (days[day] ? [[day, days[day]]] : []))));

export const weekFields = {
  timeZone: timeZoneSchema,
  days: daysSchema,
  holidays: holidaysSchema.default(noHolidays),
};

export type BusinessWeek = {
  timeZone: string;
  days: Partial<Record<Weekday, Hours>>;
  holidays: Holidays;
};

export function isOpen(week: BusinessWeek, instant: Date): boolean {
  return findPeriod(week, instant).opensAt <= instant.getTime();
}

export function nextOpening(week: BusinessWeek, instant: Date): Date {
  return new Date(Math.max(instant.getTime(), findPeriod(week, instant).opensAt));
}

export function nextStart(week: BusinessWeek, instant: Date): Date {
  const now = instant.getTime();
  for (const { opensAt } of periodsFrom(week, instant)) if (opensAt > now) return new Date(opensAt);
  throw noHours(week, instant);
}

function findPeriod(week: BusinessWeek, instant: Date): Period {
  const now = instant.getTime();
  for (const period of periodsFrom(week, instant)) if (now < period.closesAt) return period;
  throw noHours(week, instant);
}

function noHours({ timeZone }: BusinessWeek, instant: Date): RangeError {
  return new RangeError(`No business hours in ${timeZone} after ${instant.getTime()}`);
}

type Period = { opensAt: number; closesAt: number };

const maxDaysAhead = 1100;

/**
 * A clock that is set back counts as standing still until it has caught up: nothing opens twice, and no periods
 * overlap.
 */
function* periodsFrom({ timeZone, days, holidays }: BusinessWeek, instant: Date): Generator<Period, void> {
  const today = Math.floor(wallTimeAt(timeZone, instant.getTime()) / dayMs);
  // Yesterday's period may run past midnight.
  for (let date = today - 1; date <= today + maxDaysAhead; date++) {
    const hours = days[weekdayOf(date)];
    if (hours === undefined) continue;
    const { start, end } = toSpan(hours);
    const closedFrom = findClosure(holidays, date)?.from ?? end;
    const opensAt = firstInstantAt(timeZone, date * dayMs + start);
    const closesAt = firstInstantAt(timeZone, date * dayMs + Math.min(end, closedFrom));
    if (opensAt < closesAt) yield { opensAt, closesAt };
  }
}

/** Uses midnight in the business hours' time zone; without business hours, 24 hours from now. */
export function untilTomorrow(week: BusinessWeek | undefined, now: Date): Date {
  if (week === undefined) return new Date(now.getTime() + dayMs);
  const { timeZone } = week;
  const today = Math.floor(wallTimeAt(timeZone, now.getTime()) / dayMs);
  return nextOpening(week, new Date(firstInstantAt(timeZone, (today + 1) * dayMs)));
}

/** Returns milliseconds since the midnight before the hours. */
export function toSpan(hours: Hours): { start: number; end: number } {
  const [start, end] = [timeOfDay(hours.start), timeOfDay(hours.end)];
  return { start, end: end < start ? end + dayMs : end };
}

/** @param date in days since 1 January 1970, a Thursday */
export function weekdayOf(date: number): Weekday {
  return weekdays[(((date + 3) % 7) + 7) % 7] as Weekday;
}
