import { timeZonesNames } from '@vvo/tzdb';
import { IANAZone } from 'luxon';

const currentNames: ReadonlySet<string> = new Set(timeZonesNames);

/** IANA's current names by the older ones that ICU keeps for these zones (CLDR never renames a zone). */
const currentByOlderName = new Map<string, string>();
const namesOfRuntime: ReadonlySet<string> = new Set(Intl.supportedValuesOf('timeZone'));
for (const name of timeZonesNames)
  if (!namesOfRuntime.has(name) && IANAZone.isValidZone(name)) currentByOlderName.set(resolve(name), name);

/**
 * The canonical name of a time zone, case-insensitive and the same in every version of Node: `Europe/Paris` for
 * `europe/paris`, `Asia/Kolkata` for `Asia/Calcutta`, `UTC` for `Etc/UTC`. `undefined` if there is no such zone, also
 * for an offset such as `+02:00`.
 */
export function findTimeZone(name: string): string | undefined {
  // Newer versions of Node accept `+02:00` as a zone.
  if (!/^[a-z]/i.test(name) || !IANAZone.isValidZone(name)) return undefined;
  return toCurrentName(resolve(name));
}

/** Whether this is IANA's current name of a zone. */
export function isCurrentName(timeZone: string): boolean {
  return currentNames.has(timeZone);
}

export function toCurrentName(timeZone: string): string {
  return isCurrentName(timeZone) ? timeZone : (currentByOlderName.get(timeZone) ?? timeZone);
}

/** The city in a zone's name: `New York` for `America/New_York`. */
export function cityOf(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

function resolve(name: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
}
