import { IANAZone } from 'luxon';
import { findTimeZone, toModernName } from './time-zone.ts';
import { citiesByZone, wordsForZones } from './time-zone-places.ts';
import { zonesByCountry } from './zones-by-country.ts';

/** A zone to pick: its id for the rules, and a label of at most 75 characters, as Slack's options have. */
type TimeZoneOption = { id: string; label: string };

/** A name by which a zone is found: `text` as `toSearchable` makes it; `city` is what the label then shows. */
type Name = { text: string; city: string };
type Entry = { id: string; names: Name[] };

/**
 * The zones that people may mean by a city, a country, a clock ("CET", "Pacific Time"), an offset ("UTC+2") or a part
 * of these, the likeliest first; without a query the zones in which most business is done.
 *
 * @param now the instant whose offsets from UTC the labels show
 */
export function searchTimeZones(query: string, limit: number, now: Date): TimeZoneOption[] {
  const wanted = toSearchable(query);
  const offset = toOffset(wanted);
  const found = offset === undefined ? searchByName(query, wanted) : searchByOffset(offset, now);
  return found.slice(0, limit).map(({ id, city }) => ({ id, label: toLabel(id, city, now) }));
}

/** The city that gives a zone its name: `New York` for `America/New_York`. */
export function cityOf(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

/** A zone that was found, and the city by which it was. */
type Match = { id: string; city: string };

function searchByName(query: string, wanted: string): Match[] {
  const matches = getIndex().flatMap(({ id, names }) => {
    const best = names
      .map(({ text, city }) => ({ id, city, rank: rankOf(text, wanted) }))
      .reduce((one, other) => (other.rank < one.rank ? other : one));
    return best.rank < noMatch || haveAllWords(names, wanted) ? [best] : [];
  });
  matches.sort((one, other) => one.rank - other.rank);
  // An id may be an older one, or one that is not in the index.
  const named = query.includes('/') ? findTimeZone(query.trim()) : undefined;
  if (named === undefined) return matches;
  return [{ id: named, city: cityOf(named) }, ...matches.filter(({ id }) => id !== named)];
}

const noMatch = 4;

/** `berlin germany`: each word begins a word of one name or another. */
function haveAllWords(names: readonly Name[], wanted: string): boolean {
  const texts = names.map(({ text }) => ` ${text}`);
  return wanted.split(' ').every((word) => texts.some((text) => text.includes(` ${word}`)));
}

/** How well a name fits: as a whole, from its beginning, from the beginning of a word, inside, or not at all. */
function rankOf(text: string, wanted: string): number {
  if (text === wanted) return 0;
  if (text.startsWith(wanted)) return 1;
  if (text.includes(` ${wanted}`)) return 2;
  return text.includes(wanted) ? 3 : noMatch;
}

function searchByOffset(minutes: number, now: Date): Match[] {
  return getIndex()
    .filter(({ id }) => IANAZone.create(id).offset(now.getTime()) === minutes)
    .map(({ id }) => ({ id, city: cityOf(id) }));
}

/** `utc+5:30` or `+05:30` in minutes. */
function toOffset(wanted: string): number | undefined {
  const [, sign, hours, minutes = '0'] = /^(?:utc|gmt)? ?([+-])(\d{1,2})(?::?(\d\d))?$/.exec(wanted) ?? [];
  if (hours === undefined) return undefined;
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

function toLabel(id: string, city: string, now: Date): string {
  const offset = `UTC${IANAZone.create(id).formatOffset(now.getTime(), 'narrow')}`;
  return id === city ? `${city} (${offset})` : `${city} (${id}, ${offset})`;
}

let index: Entry[] | undefined;

/** Every zone with its names, the popular ones first and the others from A to Z; made once, since it takes 0.1 s. */
function getIndex(): Entry[] {
  index ??= makeIndex();
  return index;
}

function makeIndex(): Entry[] {
  const all = Intl.supportedValuesOf('timeZone').map(toModernName).sort();
  const ids = new Set([...Object.keys(citiesByZone), ...all]);
  const words = wordsByZone();
  return [...ids].map((id) => {
    const cities = [cityOf(id), ...toList(citiesByZone[id] ?? '')];
    const others = [...(words.get(id) ?? []), id];
    return {
      id,
      names: [
        ...cities.map((city) => ({ text: toSearchable(city), city })),
        ...others.map((word) => ({ text: toSearchable(word), city: cityOf(id) })),
      ],
    };
  });
}

function wordsByZone(): Map<string, string[]> {
  const named = [
    ...wordsForZones.map(([words, zones]) => ({ words: toList(words), zones: toList(zones) })),
    ...zonesByCountry().map(({ country, zones }) => ({ words: [country], zones })),
  ];
  const byZone = new Map<string, string[]>();
  for (const { words, zones } of named)
    for (const zone of zones) byZone.set(zone, [...(byZone.get(zone) ?? []), ...words]);
  return byZone;
}

function toList(text: string): string[] {
  return text === '' ? [] : text.split(', ');
}

/**
 * Small letters without accents, words one space apart: `São Paulo` as `sao paulo`, `America/New_York` as `america
 * new york`.
 */
function toSearchable(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[łøıß’]/g, (letter) => plainLetters[letter] ?? letter)
    .replace(/[\s/_,.&'()]+/g, ' ')
    .trim();
}

/** Letters that Unicode does not take apart. */
const plainLetters: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', ı: 'i', ß: 'ss', '’': ' ' };
