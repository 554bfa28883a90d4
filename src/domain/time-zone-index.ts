import { createRequire } from 'node:module';
import { abbreviations, getCountryCode, getTimeZones, type TimeZone } from '@vvo/tzdb';
import type * as cityTimezones from 'city-timezones';
import { cityOf, findTimeZone, isCurrentName, toCurrentName } from './time-zone.ts';

const require = createRequire(import.meta.url);

type CityData = cityTimezones.CityData;

/** `text` is the output of `toSearchable`. The greatest `weight` wins: for a city, it is its population. */
type ZoneName = { text: string; city: string; weight: number };
export type ZoneEntry = { id: string; names: ZoneName[] };

/** Zones that are preferred among equal matches: "CST" means Chicago rather than Mexico City or Shanghai. */
const firstZones = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'Europe/London',
  'Europe/Berlin',
  'Europe/Paris',
  'Asia/Kolkata',
  'Asia/Singapore',
  'Asia/Tokyo',
  'Australia/Sydney',
  'America/Sao_Paulo',
];

const firstZoneWeight = 1e9;

const nicknames: Readonly<Record<string, readonly string[]>> = {
  'America/New_York': ['NYC', 'Washington DC'],
  'America/Los_Angeles': ['LA', 'SF', 'Silicon Valley'],
  'Asia/Dubai': ['UAE'],
  'Asia/Kolkata': ['Bangalore', 'Bombay'],
  'Europe/Prague': ['Czech Republic'],
};

/** Builds the index, ordered by weight, in small steps that let other work run in between. */
export function* buildTimeZoneIndex(): Generator<undefined, ZoneEntry[]> {
  const ids = new Set([...Intl.supportedValuesOf('timeZone').map(toCurrentName), 'UTC']);
  // The data is loaded here, since its 2 MB would delay the start of the process.
  const { cityMapping } = require('city-timezones') as typeof cityTimezones;
  yield;
  const cities = groupByZone(cityMapping.filter(hasZone).map((city) => [city.timezone, city]));
  yield;
  const clocks = groupByZone(
    getTimeZones({ includeUtc: true }).flatMap((zone) => zone.group.map((name) => [name, { name, zone }])),
  );
  const entries: (ZoneEntry & { weight: number })[] = [];
  for (const id of ids) {
    yield;
    const ownCities = (cities.get(id) ?? []).toSorted((one, other) => other.pop - one.pop);
    const zones = clocks.get(id) ?? [];
    const ownZone = zones.find(({ zone }) => zone.name === id)?.zone;
    const city = cityOf(id);
    const weight = weightOf(id, ownCities);
    const words = [
      city,
      id,
      ...countryNames(id, ownZone),
      ...(nicknames[id] ?? []),
      ...zones.flatMap(({ name, zone }) => [name, cityOf(name), ...clockNames(zone)]),
    ].map((word) => ({ text: toSearchable(word), city, weight }));
    entries.push({ id, weight, names: unique([...words, ...cityNames(ownCities, ownZone)]) });
  }
  return entries.sort((one, other) => other.weight - one.weight);
}

function groupByZone<T>(pairs: readonly (readonly [zone: string, value: T])[]): Map<string, T[]> {
  const ids = new Map<string, string>();
  const groups = new Map<string, T[]>();
  for (const [zone, value] of pairs) {
    const id = ids.get(zone) ?? (isCurrentName(zone) ? zone : (findTimeZone(zone) ?? zone));
    ids.set(zone, id);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [value]);
    else group.push(value);
  }
  return groups;
}

/** False for some stations in Antarctica, contrary to the type. */
function hasZone({ timezone }: CityData): boolean {
  return (timezone as string | null) !== null;
}

function weightOf(id: string, cities: readonly CityData[]): number {
  const place = firstZones.indexOf(id);
  return place === -1 ? (cities[0]?.pop ?? 0) : firstZoneWeight * (firstZones.length - place);
}

/** Lists `Pacific Time`, `Pacific Standard Time`, `PT`, `PST` and `PDT`, for example. */
function clockNames({ alternativeName, abbreviation, dstAbbreviation }: TimeZone): string[] {
  const longNames = Object.keys(abbreviations).filter(
    (name) => name.replace(/ (?:Standard|Daylight|Summer)/, '') === alternativeName,
  );
  const names = [
    alternativeName,
    ...longNames,
    abbreviations[alternativeName],
    abbreviation,
    dstAbbreviation,
  ];
  return names.filter((name) => name !== undefined);
}

/** Includes the tzdb name ("Turkey"), the short name ("UK"), and the name in the country's own language. */
function countryNames(id: string, zone: TimeZone | undefined): string[] {
  const code = getCountryCode(id);
  if (code === undefined) return [];
  const ownLanguage = new Intl.Locale('und', { region: code }).maximize().language;
  const names = [
    new Intl.DisplayNames('en', { type: 'region' }).of(code),
    new Intl.DisplayNames('en', { type: 'region', style: 'short' }).of(code),
    new Intl.DisplayNames(ownLanguage, { type: 'region' }).of(code),
    zone?.countryName,
  ];
  return names.filter((name) => name !== undefined);
}

function cityNames(cities: readonly CityData[], zone: TimeZone | undefined): ZoneName[] {
  const known = cities.flatMap(({ city, city_ascii: ascii, province, iso3, pop }) => [
    ...[city, ascii].map((word) => ({ text: toSearchable(word), city, weight: pop })),
    // "ban" more likely means Bangkok than the province of Banten.
    ...[province, iso3].map((word) => ({ text: toSearchable(word), city, weight: pop / 10 })),
  ]);
  const largest = zone?.mainCities ?? [];
  return [...known, ...largest.map((city) => ({ text: toSearchable(city), city, weight: 0 }))];
}

function unique(names: readonly ZoneName[]): ZoneName[] {
  const byText = new Map<string, ZoneName>();
  for (const name of names) if (name.text !== '' && !byText.has(name.text)) byText.set(name.text, name);
  return [...byText.values()];
}

/** Longer than any name. A very long text would block the process. */
export const maxQueryLength = 100;

/**
 * Drops case, accents and apostrophes: `São Paulo` becomes `sao paulo`, `America/New_York` `america new york`.
 */
export function toSearchable(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .replace(/[łøıß]/g, (letter) => plainLetters[letter] ?? letter)
    .replace(/[\s/_,.&()]+/g, ' ')
    .trim();
}

/** Unicode normalisation does not decompose these. */
const plainLetters: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', ı: 'i', ß: 'ss' };
