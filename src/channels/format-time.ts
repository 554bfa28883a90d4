import { DateTime } from 'luxon';
import { cityOf } from '../domain/time-zone.ts';
import { type Timing, weekOf } from '../domain/timing.ts';

/** As said on the phone, "Monday 30 November 2026, 09:00 (Berlin)": in the zone of the quiet hours, else in UTC. */
export function formatTime(at: Date, timing: Timing = 'at_once'): string {
  const zone = weekOf(timing)?.timeZone ?? 'UTC';
  const said = DateTime.fromJSDate(at, { zone }).setLocale('en').toFormat('cccc d LLLL yyyy, HH:mm');
  return `${said} (${cityOf(zone)})`;
}
