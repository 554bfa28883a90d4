import { noHolidays } from '../../src/domain/holidays.ts';
import type { BusinessHours } from '../../src/domain/timing.ts';
import type { Weekday } from '../../src/domain/vocabulary.ts';

/** By default Monday to Friday, 09:00 to 17:00 UTC, followed by a digest. */
export function businessHours({
  timeZone = 'UTC',
  days = ['mon', 'tue', 'wed', 'thu', 'fri'],
  start = '09:00',
  end = '17:00',
  outside = 'digest',
}: {
  timeZone?: string;
  days?: readonly Weekday[];
  start?: string;
  end?: string;
  outside?: BusinessHours['outside'];
} = {}): BusinessHours {
  return {
    kind: 'business_hours',
    timeZone,
    days: Object.fromEntries(days.map((day) => [day, { start, end }])),
    holidays: noHolidays,
    outside,
  };
}
