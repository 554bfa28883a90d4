import { IANAZone } from 'luxon';

/** Today's names of zones that ICU still calls by an older one (CLDR keeps its names for ever). */
const modernNames: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/**
 * The one name of the time zone that a text names in any case, the same in every version of Node: `Europe/Paris` for
 * `europe/paris`, `Asia/Kolkata` for `Asia/Calcutta`, `UTC` for `Etc/UTC`. `undefined` when it names none, as an offset
 * such as `+02:00` does.
 */
export function findTimeZone(name: string): string | undefined {
  // Newer versions of Node take `+02:00` for a zone.
  if (!/^[a-z]/i.test(name) || !IANAZone.isValidZone(name)) return undefined;
  const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
  return toModernName(timeZone);
}

/** The name of today for a zone that ICU names. */
export function toModernName(timeZone: string): string {
  return modernNames[timeZone] ?? timeZone;
}
