import { z } from 'zod';
import { dayMs, minuteMs } from '../lib/time.ts';
import { findTimeZone } from './time-zone.ts';
import { type Weekday, weekdays } from './vocabulary.ts';
import { firstInstantAt, wallTimeAt } from './wall-clock.ts';

const faults = {
  timeZone: 'must be a time zone such as Europe/Berlin',
  businessDays: `must be a list of ${weekdays.join(', ')}`,
  start: 'must be a time such as 09:00',
  end: 'must be a time such as 17:00, or 24:00 for midnight',
  after: 'must be digest or discard',
};

/**
 * The business hours of a channel, outside of which it is quiet, and what then becomes of its alerts. `start` and
 * `end` are the wall clock's in `timeZone`, `HH:mm`. An `end` before the `start` is on the next day, and the hours belong
 * to the day on which they start; so `00:00` as the end means the same as `24:00`, and `00:00` to `24:00` is all day.
 */
export const quietHoursSchema = z
  .strictObject({
    timeZone: z
      .string(faults.timeZone)
      .refine((name) => findTimeZone(name) !== undefined, faults.timeZone)
      .overwrite((name) => findTimeZone(name) ?? name),
    businessDays: z
      .array(z.enum(weekdays, faults.businessDays), faults.businessDays)
      .min(1, 'must have at least one day')
      .refine((days) => new Set(days).size === days.length, { error: 'names a day twice' })
      .overwrite((days) => weekdays.filter((weekday) => days.includes(weekday))),
    start: z.string(faults.start).regex(/^([01]\d|2[0-3]):[0-5]\d$/, faults.start),
    end: z.string(faults.end).regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, faults.end),
    after: z.enum(['digest', 'discard'], faults.after),
  })
  .refine(({ start, end }) => start !== end, {
    path: ['end'],
    error: 'must differ from the start; all day is 00:00 to 24:00',
  });

export type QuietHours = z.infer<typeof quietHoursSchema>;

/** Whether an instant is within business hours. */
export function isOpen(quietHours: QuietHours, instant: Date): boolean {
  return businessPeriod(quietHours, instant).opensAt <= instant.getTime();
}

/** The first instant, not before `instant`, that is within business hours: `instant` itself when it is. */
export function nextOpening(quietHours: QuietHours, instant: Date): Date {
  return new Date(Math.max(instant.getTime(), businessPeriod(quietHours, instant).opensAt));
}

/**
 * The business period that an instant is in, or else the next one; in ms since 1970.
 *
 * A period begins when the wall clock first reaches the start, and is over when it first reaches the end: a clock that is
 * put back counts as one that stands still until it has caught up. So the clock never opens or closes twice, two whole
 * days in a row meet exactly whatever happens at midnight, and no day goes on into the next. A start and an end that
 * both fall into the time that the clock jumps over make no period.
 */
function businessPeriod({ timeZone, businessDays, start, end }: QuietHours, instant: Date) {
  const now = instant.getTime();
  const opening = toMs(start);
  const closing = toMs(end) + (toMs(end) < opening ? dayMs : 0);
  const today = Math.floor(wallTimeAt(timeZone, now) / dayMs);
  // Yesterday's period may run over midnight; a weekly one that the clock jumps over leaves the week after.
  for (let date = today - 1; date <= today + 15; date++) {
    if (!businessDays.includes(weekdayOf(date))) continue;
    const opensAt = firstInstantAt(timeZone, date * dayMs + opening);
    const closesAt = firstInstantAt(timeZone, date * dayMs + closing);
    if (opensAt < closesAt && now < closesAt) return { opensAt, closesAt };
  }
  throw new RangeError(`No business hours in ${timeZone} after ${instant.getTime()}`);
}

/**
 * When "until tomorrow" ends: with business hours, when they first open after midnight of their time zone; without,
 * nobody knows whose tomorrow it is, and it is the same time of the next day, 24 hours on.
 */
export function untilTomorrow(quietHours: QuietHours | 'off', now: Date): Date {
  if (quietHours === 'off') return new Date(now.getTime() + dayMs);
  const { timeZone } = quietHours;
  const today = Math.floor(wallTimeAt(timeZone, now.getTime()) / dayMs);
  return nextOpening(quietHours, new Date(firstInstantAt(timeZone, (today + 1) * dayMs)));
}

/** `09:30` in ms. */
function toMs(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * minuteMs;
}

/** The weekday of a date, given in days since 1 January 1970, a Thursday. */
function weekdayOf(date: number): Weekday {
  return weekdays[(((date + 3) % 7) + 7) % 7] as Weekday;
}
