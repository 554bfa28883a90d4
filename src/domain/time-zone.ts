import { timeZonesNames } from '@vvo/tzdb';
import { IANAZone } from 'luxon';

const currentNames: ReadonlySet<string> = new Set(timeZonesNames);

/** ICU keeps these older names, since CLDR never renames a zone. */
const currentByOlderName = new Map<string, string>();
const namesOfRuntime: ReadonlySet<string> = new Set(Intl.supportedValuesOf('timeZone'));
for (const name of timeZonesNames)
  if (!namesOfRuntime.has(name) && IANAZone.isValidZone(name)) currentByOlderName.set(resolve(name), name);

/** The same in every version of Node: `Asia/Kolkata` for `asia/calcutta`, `UTC` for `Etc/UTC`; not for offsets. */
export function findTimeZone(name: string): string | undefined {
  // Newer versions of Node accept `+02:00` as a zone.
  if (!/^[a-z]/i.test(name) || !IANAZone.isValidZone(name)) return undefined;
  return toCurrentName(resolve(name));
}

export function isCurrentName(timeZone: string): boolean {
  return currentNames.has(timeZone);
}

export function toCurrentName(timeZone: string): string {
  return isCurrentName(timeZone) ? timeZone : (currentByOlderName.get(timeZone) ?? timeZone);
}

/** Returns `New York` for `America/New_York`. */
export function cityOf(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

function resolve(name: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
}
