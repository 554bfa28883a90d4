import { dayMs } from '../lib/time.ts';
import { nextOpening, type QuietHours } from './quiet-hours.ts';
import { firstInstantAt, wallTimeAt } from './wall-clock.ts';

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
