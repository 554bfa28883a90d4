import { nextOpening, type QuietHours } from './quiet-hours.ts';
import { firstInstantAt, wallTimeAt } from './wall-clock.ts';

const day = 24 * 60 * 60 * 1000;

/**
 * When "until tomorrow" ends: with business hours, when they first open after midnight of their time zone; without,
 * nobody knows whose tomorrow it is, and it is the same time of the next day, 24 hours on.
 */
export function untilTomorrow(quietHours: QuietHours | 'off', now: Date): Date {
  if (quietHours === 'off') return new Date(now.getTime() + day);
  const { timeZone } = quietHours;
  const today = Math.floor(wallTimeAt(timeZone, now.getTime()) / day);
  return nextOpening(quietHours, new Date(firstInstantAt(timeZone, (today + 1) * day)));
}
