import { setImmediate } from 'node:timers/promises';
import { IANAZone } from 'luxon';
import { cityOf, findTimeZone } from './time-zone.ts';
import { buildTimeZoneIndex, maxQueryLength, toSearchable, type ZoneEntry } from './time-zone-index.ts';

/** The label fits in the 75 characters of a Slack option. */
type TimeZoneOption = { id: string; label: string };

/** Searches by city, country, clock ("CET"), offset ("UTC+2") or part of these, best match first. */
export function searchTimeZones(query: string, limit: number, now: Date): TimeZoneOption[] {
  if (query.length > maxQueryLength) return [];
  const wanted = toSearchable(query);
  const offset = toOffset(wanted);
  const found = offset === undefined ? searchByName(query, wanted) : searchByOffset(offset, now);
  return found.slice(0, limit).map(({ id, city }) => ({ id, label: toLabel(id, city, now) }));
}

type Match = { id: string; city: string };

function searchByName(query: string, wanted: string): Match[] {
  const words = wanted.split(' ');
  const matches = getIndex().flatMap(({ id, names }) => {
    const match = findBest(names, wanted) ?? findByWords(names, words);
    return match === undefined ? [] : [{ id, ...match }];
  });
  matches.sort((one, other) => one.rank - other.rank || other.weight - one.weight);
  // The query may be an old id, or one that the index lacks.
  const named = query.includes('/') ? findTimeZone(query.trim()) : undefined;
  if (named === undefined) return matches;
  return [{ id: named, city: cityOf(named) }, ...matches.filter(({ id }) => id !== named)];
}

type Ranked = { city: string; weight: number; rank: number };

function findBest(names: ZoneEntry['names'], wanted: string): Ranked | undefined {
  let best: Ranked | undefined;
  for (const { text, city, weight } of names) {
    const rank = rankOf(text, wanted);
    const isBetter = best === undefined || rank < best.rank || (rank === best.rank && weight > best.weight);
    if (rank < noMatch && isBetter) best = { city, weight, rank };
  }
  return best;
}

/** Matches `berlin germany`: each word starts a word of some name. */
function findByWords(names: ZoneEntry['names'], words: readonly string[]): Ranked | undefined {
  if (words.length === 1) return undefined;
  let best: Ranked | undefined;
  for (const word of new Set(words)) {
    const match = findBest(names, word);
    if (match === undefined || match.rank >= insideWord) return undefined;
    if (best === undefined || match.rank < best.rank) best = match;
  }
  return best && { ...best, rank: noMatch };
}

const insideWord = 3;
const noMatch = 4;

/** The rank is 0 for the whole name, then come its start, the start of a word, and inside a word. */
function rankOf(text: string, wanted: string): number {
  const at = text.indexOf(wanted);
  if (at === -1) return noMatch;
  if (at === 0) return text.length === wanted.length ? 0 : 1;
  return text.includes(` ${wanted}`) ? 2 : insideWord;
}

function searchByOffset(minutes: number, now: Date): Match[] {
  return getIndex()
    .filter(({ id }) => IANAZone.create(id).offset(now.getTime()) === minutes)
    .map(({ id }) => ({ id, city: cityOf(id) }));
}

/** Reads the minutes of `utc+5:30` or `+05:30`. */
function toOffset(wanted: string): number | undefined {
  const [, sign, hours, minutes = '0'] = /^(?:utc|gmt)? ?([+-])(\d{1,2})(?::?(\d\d))?$/.exec(wanted) ?? [];
  if (hours === undefined) return undefined;
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

function toLabel(id: string, city: string, now: Date): string {
  const offset = `UTC${IANAZone.create(id).formatOffset(now.getTime(), 'narrow')}`;
  return id === city ? `${city} (${offset})` : `${city} (${id}, ${offset})`;
}

const building = buildTimeZoneIndex();
let index: ZoneEntry[] | undefined;

/** Building takes 0.4 s, and Slack waits 3 s for suggestions: so it is done in steps before the first search. */
export async function prepareTimeZones(): Promise<void> {
  while (!hasBuilt()) await setImmediate();
}

function hasBuilt(): boolean {
  if (index !== undefined) return true;
  const { done, value } = building.next();
  if (done === true) index = value;
  return done === true;
}

/** Builds the rest of the index at once if a search comes early. */
function getIndex(): ZoneEntry[] {
  while (!hasBuilt());
  return index ?? [];
}
