import { timeZonesNames } from '@vvo/tzdb';
import { IANAZone } from 'luxon';

const currentNames: ReadonlySet<string> = new Set(timeZonesNames);

/** IANA's names of today by the older ones that ICU has for these zones (CLDR keeps its names for ever). */
const currentByOlderName = new Map<string, string>();
const namesOfRuntime: ReadonlySet<string> = new Set(Intl.supportedValuesOf('timeZone'));
for (const name of timeZonesNames)
  if (!namesOfRuntime.has(name) && IANAZone.isValidZone(name)) currentByOlderName.set(resolve(name), name);

/**
 * The one name of the time zone that a text names in any case, the same in every version of Node: `Europe/Paris` for
 * `europe/paris`, `Asia/Kolkata` for `Asia/Calcutta`, `UTC` for `Etc/UTC`. `undefined` when it names none, as an offset
 * such as `+02:00` does.
 */
export function findTimeZone(name: string): string | undefined {
  // Newer versions of Node take `+02:00` for a zone.
  if (!/^[a-z]/i.test(name) || !IANAZone.isValidZone(name)) return undefined;
  return toCurrentName(resolve(name));
}

/** Whether a zone's name is the one that IANA uses today. */
export function isCurrentName(timeZone: string): boolean {
  return currentNames.has(timeZone);
}

/** IANA's name of today for a zone that ICU names. */
export function toCurrentName(timeZone: string): string {
  return isCurrentName(timeZone) ? timeZone : (currentByOlderName.get(timeZone) ?? timeZone);
}

/** The city that gives a zone its name: `New York` for `America/New_York`. */
export function cityOf(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

/** The name that ICU has for a zone. */
function resolve(name: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
}
