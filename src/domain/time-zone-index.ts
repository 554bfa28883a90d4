import { createRequire } from 'node:module';
import { abbreviations, getCountryCode, getTimeZones, type TimeZone } from '@vvo/tzdb';
import type * as cityTimezones from 'city-timezones';
import { cityOf, findTimeZone, isCurrentName, toCurrentName } from './time-zone.ts';

const require = createRequire(import.meta.url);

type CityData = cityTimezones.CityData;

/**
 * A name by which a zone is found: `text` as `toSearchable` makes it, `city` as the label then shows it. Of two equal
 * matches the one with more `weight` comes first; of a city that is its population.
 */
type ZoneName = { text: string; city: string; weight: number };
export type ZoneEntry = { id: string; names: ZoneName[] };

/** First among equal matches: "CST" is Chicago's time before it is Mexico City's or Shanghai's. */
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

/** More than any city has people. */
const firstZoneWeight = 1e9;

/** Names that people use and the libraries do not have. */
const nicknames: Readonly<Record<string, readonly string[]>> = {
  'America/New_York': ['NYC', 'Washington DC'],
  'America/Los_Angeles': ['LA', 'SF', 'Silicon Valley'],
  'Asia/Dubai': ['UAE'],
  'Asia/Kolkata': ['Bangalore', 'Bombay'],
  'Europe/Prague': ['Czech Republic'],
};

/**
 * Every zone that this Node.js knows, with its names, in the order of their weight. Built in small steps, between which
 * others may use the thread.
 */
export function* buildTimeZoneIndex(): Generator<undefined, ZoneEntry[]> {
  const ids = new Set([...Intl.supportedValuesOf('timeZone').map(toCurrentName), 'UTC']);
  // 2 MB would hold up the start of the process.
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

/** Groups values by the current name of their zone. */
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

/** A few stations in Antarctica have none, whatever the type says. */
function hasZone({ timezone }: CityData): boolean {
  return (timezone as string | null) !== null;
}

function weightOf(id: string, cities: readonly CityData[]): number {
  const place = firstZones.indexOf(id);
  return place === -1 ? (cities[0]?.pop ?? 0) : firstZoneWeight * (firstZones.length - place);
}

/** What people call the clock of a zone: `Pacific Time`, `Pacific Standard Time`, `PT`, `PST`, `PDT`. */
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

/** A zone's country in English, also as tzdb has it ("Turkey"), in short ("UK"), and in its own language. */
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

/** The cities of a zone by their own names and by those of their country and province. */
function cityNames(cities: readonly CityData[], zone: TimeZone | undefined): ZoneName[] {
  const known = cities.flatMap(({ city, city_ascii: ascii, province, iso3, pop }) => [
    ...[city, ascii].map((word) => ({ text: toSearchable(word), city, weight: pop })),
    // Who types "ban" rather means Bangkok than the province of Banten.
    ...[province, iso3].map((word) => ({ text: toSearchable(word), city, weight: pop / 10 })),
  ]);
  const largest = zone?.mainCities ?? [];
  return [...known, ...largest.map((city) => ({ text: toSearchable(city), city, weight: 0 }))];
}

/** The first of the names with the same text, without those that have none. */
function unique(names: readonly ZoneName[]): ZoneName[] {
  const byText = new Map<string, ZoneName>();
  for (const name of names) if (name.text !== '' && !byText.has(name.text)) byText.set(name.text, name);
  return [...byText.values()];
}

/** More than any name has. Each word is looked for in all names, so a text without end would hold up the process. */
export const maxQueryLength = 100;

/**
 * Small letters without accents and apostrophes, words one space apart: `São Paulo` as `sao paulo`, `America/New_York`
 * as `america new york`.
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

/** Letters that Unicode does not take apart. */
const plainLetters: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', ı: 'i', ß: 'ss' };
