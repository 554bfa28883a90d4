import { setImmediate } from 'node:timers/promises';
import { rawTimeZones } from '@vvo/tzdb';
import { cityMapping } from 'city-timezones';
import { describe, expect, test, vi } from 'vitest';
import { cityOf, findTimeZone } from '../../src/domain/time-zone.ts';
import { searchTimeZones } from '../../src/domain/time-zones.ts';

const winter = new Date('2026-01-15T12:00:00Z');
const summer = new Date('2026-07-15T12:00:00Z');
const labels = (query: string, limit: number) =>
  searchTimeZones(query, limit, winter).map(({ label }) => label);

describe('a time zone has one name', () => {
  test.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/paris', 'Europe/Paris'],
    ['AMERICA/NEW_YORK', 'America/New_York'],
    ['US/Eastern', 'America/New_York'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['America/Godthab', 'America/Nuuk'],
    ['Pacific/Enderbury', 'Pacific/Kanton'],
    ['America/Coral_Harbour', 'America/Atikokan'],
    ['Atlantic/Faeroe', 'Atlantic/Faroe'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
  ])('%s is %s', (given, name) => {
    expect(findTimeZone(given)).toBe(name);
  });

  test.each([
    '',
    ' ',
    'local',
    'system',
    'UTC+3',
    '+02:00',
    '-0300',
    'Berlin',
    'Europe/Nowhere',
    'Europe/Berlin ',
  ])('"%s" is no time zone', (given) => {
    expect(findTimeZone(given)).toBeUndefined();
  });
});

describe('a search for a time zone', () => {
  test.each([
    ['a city that names a zone', 'berlin', ['Berlin (Europe/Berlin, UTC+1)']],
    ['a city that does not', 'Munich', ['Munich (Europe/Berlin, UTC+1)']],
    ['the beginning of a city', 'san fr', ['San Francisco (America/Los_Angeles, UTC-8)']],
    ['a word within a city', 'janeiro', ['Rio de Janeiro (America/Sao_Paulo, UTC-3)']],
    ['a city without its accents', 'dusseldorf', ['Düsseldorf (Europe/Berlin, UTC+1)']],
    ['a city with accents that its zone lacks', 'São Paulo', ['Sao Paulo (America/Sao_Paulo, UTC-3)']],
    ['letters that are no accents', 'lodz', ['Lódz (Europe/Warsaw, UTC+1)']],
    ['a city without its dot', 'st louis', ['St. Louis (America/Chicago, UTC-6)']],
    ['a city and its country', 'Berlin, Germany', ['Berlin (Europe/Berlin, UTC+1)']],
    ['a country', 'germany', ['Berlin (Europe/Berlin, UTC+1)', 'Busingen (Europe/Busingen, UTC+1)']],
    ['a country of a few zones', 'burkina faso', ['Ouagadougou (Africa/Ouagadougou, UTC+0)']],
    ['a country in its own language', 'deutschland', ['Berlin (Europe/Berlin, UTC+1)']],
    ['a country by a short name', 'UK', ['London (Europe/London, UTC+0)']],
    ['a country by its code', 'usa', ['New York (America/New_York, UTC-5)']],
    ['a country by an older name', 'turkey', ['Istanbul (Europe/Istanbul, UTC+3)']],
    ['a country without its apostrophe', 'cote divoire', ['Abidjan (Africa/Abidjan, UTC+0)']],
    ['half an hour', 'india', ['Kolkata (Asia/Kolkata, UTC+5:30)']],
    ['an old name of a city', 'kiev', ['Kyiv (Europe/Kyiv, UTC+2)']],
    ['a city and its state', 'Portland, Oregon', ['Portland (America/Los_Angeles, UTC-8)']],
    ['a state', 'texas', ['Houston (America/Chicago, UTC-6)', 'El Paso (America/Denver, UTC-7)']],
    ['an id', 'Europe/Madrid', ['Madrid (Europe/Madrid, UTC+1)']],
    ['an older id', 'US/Pacific', ['Los Angeles (America/Los_Angeles, UTC-8)']],
    ['an id that is in no list', 'etc/gmt+5', ['GMT+5 (Etc/GMT+5, UTC-5)']],
    ['UTC', 'utc', ['UTC (UTC+0)']],
    ['a clock', 'EST', ['New York (America/New_York, UTC-5)', 'Toronto (America/Toronto, UTC-5)']],
    ['a clock in summer', 'CEST', ['Berlin (Europe/Berlin, UTC+1)', 'Paris (Europe/Paris, UTC+1)']],
    ['a clock of several countries', 'CST', ['Chicago (America/Chicago, UTC-6)']],
    ['a clock in standard time', 'india standard time', ['Kolkata (Asia/Kolkata, UTC+5:30)']],
    ['a clock by its long name', 'pacific time', ['Los Angeles (America/Los_Angeles, UTC-8)']],
    ['a continent', 'europe', ['London (Europe/London, UTC+0)', 'Berlin (Europe/Berlin, UTC+1)']],
    ['an offset', 'UTC+1', ['Berlin (Europe/Berlin, UTC+1)', 'Paris (Europe/Paris, UTC+1)']],
    ['an offset of half an hour', '+05:30', ['Kolkata (Asia/Kolkata, UTC+5:30)']],
    ['an offset behind UTC', 'gmt -8', ['Los Angeles (America/Los_Angeles, UTC-8)']],
  ])('by %s finds it first', (_, query, expected) => {
    expect(labels(query, expected.length)).toEqual(expected);
  });

  test('ranks the start of a name above its inside, and well-known zones above others', () => {
    const found = labels('ban', 100);
    const places = [/^Bangkok/, /^Bangui/, /^Durban/].map((city) =>
      found.findIndex((label) => city.test(label)),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  test('shows the present offset', () => {
    expect(searchTimeZones('berlin', 1, summer)).toEqual([
      { id: 'Europe/Berlin', label: 'Berlin (Europe/Berlin, UTC+2)' },
    ]);
  });

  test('finds nothing for a text that is no place', () => {
    expect(labels('qqq', 5)).toEqual([]);
    expect(labels('Europe/Nowhere', 5)).toEqual([]);
  });

  test('finds nothing for a text that is longer than any name, however well its words fit', () => {
    const fitting = 'berlin germany '.repeat(6);
    expect(labels(fitting, 1)).toEqual(labels('berlin germany', 1));
    expect(labels(fitting + fitting, 1)).toEqual([]);
  });

  test('offers every zone of the runtime once, by a name that the rules keep, on a label that Slack accepts', () => {
    const all = searchTimeZones('', 10_000, winter);
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map(findTimeZone)).toEqual(ids);
    expect(new Set(ids)).toEqual(new Set([...Intl.supportedValuesOf('timeZone').map(findTimeZone), 'UTC']));
    expect(all.filter(({ label }) => label.length > 75)).toEqual([]);
  });

  test.each([
    [
      'America/New_York',
      'Boston, NYC, Washington DC, Philadelphia, Atlanta, Miami, Charlotte, Pittsburgh, Baltimore',
    ],
    [
      'America/Chicago',
      'Austin, Dallas, Houston, San Antonio, Minneapolis, Nashville, Kansas City, Milwaukee',
    ],
    ['America/Denver', 'Salt Lake City, Boulder, Albuquerque, Colorado Springs'],
    [
      'America/Los_Angeles',
      'San Francisco, SF, LA, Seattle, San Diego, Oakland, Sacramento, Las Vegas, Silicon Valley',
    ],
    ['America/Toronto', 'Montreal, Montréal, Ottawa'],
    ['America/Sao_Paulo', 'Rio de Janeiro, Brasília, Belo Horizonte, Curitiba, Porto Alegre'],
    ['Europe/London', 'Manchester, Birmingham, Edinburgh, Glasgow, Oxford, Leeds, Liverpool'],
    [
      'Europe/Berlin',
      'Munich, Frankfurt, Hamburg, Köln, Düsseldorf, Stuttgart, Leipzig, Dresden, Bremen, Bonn',
    ],
    ['Europe/Paris', 'Lyon, Marseille, Toulouse, Nice, Bordeaux, Lille, Nantes, Strasbourg'],
    ['Europe/Madrid', 'Barcelona, Seville, Málaga, Bilbao'],
    ['Europe/Zurich', 'Geneva, Basel, Bern, Lausanne'],
    ['Europe/Warsaw', 'Kraków, Wrocław, Gdańsk, Poznań, Łódź'],
    ['Asia/Kolkata', 'Mumbai, Bangalore, Bengaluru, Delhi, Hyderabad, Chennai, Pune, Calcutta'],
    ['Asia/Jerusalem', 'Tel Aviv, Haifa'],
    ['Asia/Shanghai', 'Beijing, Shenzhen, Guangzhou, Hangzhou, Chengdu'],
    ['Asia/Tokyo', 'Osaka, Kyoto, Yokohama, Nagoya, Fukuoka'],
    ['Australia/Sydney', 'Canberra, Wollongong'],
    ['Africa/Johannesburg', 'Cape Town, Durban, Pretoria'],
  ])('finds the cities of %s', (zone, cities) => {
    const lost = cities.split(', ').filter((city) => searchTimeZones(city, 1, winter)[0]?.id !== zone);
    expect(lost).toEqual([]);
  });

  test('finds every zone by every older id of it', () => {
    const older = rawTimeZones
      .flatMap(({ group }) => group)
      .filter((name) => name.includes('/') && ![name, undefined].includes(findTimeZone(name)));
    expect(older.length).toBeGreaterThan(50);
    const lost = older.filter((name) => searchTimeZones(name, 1, winter)[0]?.id !== findTimeZone(name));
    expect(lost).toEqual([]);
  });

  test('shows also the longest names of cities on a label that Slack accepts', () => {
    const cities = [
      ...cityMapping.map(({ city }) => city),
      ...rawTimeZones.flatMap(({ mainCities }) => mainCities),
    ];
    const longest = cities.toSorted((one, other) => other.length - one.length).slice(0, 30);
    const found = longest.flatMap((city) => labels(city, 1));
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter((label) => label.length > 75)).toEqual([]);
  });
});

test.each([
  ['Europe/Berlin', 'Berlin'],
  ['America/New_York', 'New York'],
  ['America/Argentina/Buenos_Aires', 'Buenos Aires'],
  ['America/Port-au-Prince', 'Port-au-Prince'],
  ['UTC', 'UTC'],
])('the city of %s is %s', (zone, city) => {
  expect(cityOf(zone)).toBe(city);
});

describe('the search index is built in the background', () => {
  test('in steps that let other work run in between', async () => {
    vi.resetModules();
    const zones = await import('../../src/domain/time-zones.ts');
    let ticks = 0;
    let isOver = false;
    const prepared = zones.prepareTimeZones().finally(() => {
      isOver = true;
    });
    for (; !isOver; ticks++) await setImmediate();
    await prepared;
    expect(ticks).toBeGreaterThan(100);
    expect(zones.searchTimeZones('berlin', 1, winter)).toEqual(searchTimeZones('berlin', 1, winter));
  });

  test('and an early search finds everything', async () => {
    vi.resetModules();
    const zones = await import('../../src/domain/time-zones.ts');
    const prepared = zones.prepareTimeZones();
    await setImmediate();
    expect(zones.searchTimeZones('', 10_000, winter)).toEqual(searchTimeZones('', 10_000, winter));
    await prepared;
    expect(zones.searchTimeZones('', 10_000, winter)).toEqual(searchTimeZones('', 10_000, winter));
  });
});
