import { describe, expect, test } from 'vitest';
import { isOpen, nextOpening } from '../../src/domain/business-hours.ts';
import type { BusinessHours } from '../../src/domain/timing.ts';
import { type Weekday, weekdays } from '../../src/domain/vocabulary.ts';
import { businessHours } from '../support/business-hours.ts';

/** Parses `mon–fri 09:00–17:00 Europe/Berlin`. */
function hours(text: string): BusinessHours {
  const [days = '', span = '', timeZone] = text.split(' ');
  const [start = '', end = ''] = span.split('–');
  const which = { 'mon–fri': weekdays.slice(0, 5), 'mon–sun': weekdays }[days] ?? [days as Weekday];
  return businessHours({ timeZone: timeZone ?? '', days: which, start, end });
}

describe('business hours', () => {
  test.each<[string, string, from: string, opensAt: string, closesAt: string]>([
    [
      'open on the next morning',
      'mon–fri 09:00–17:00 Europe/Berlin',
      '2026-03-02T17:00+01:00',
      '2026-03-03T09:00+01:00',
      '2026-03-03T17:00+01:00',
    ],
    [
      'open on Monday after a weekend in which the clock is put forward',
      'mon–fri 09:00–17:00 Europe/Berlin',
      '2026-03-27T17:00+01:00',
      '2026-03-30T09:00+02:00',
      '2026-03-30T17:00+02:00',
    ],
    [
      'open on Monday after a weekend in which the clock is put back',
      'mon–fri 09:00–17:00 America/New_York',
      '2026-10-30T17:00-04:00',
      '2026-11-02T09:00-05:00',
      '2026-11-02T17:00-05:00',
    ],
    [
      'belong to the day on which they start when they run over midnight',
      'fri 22:00–06:00 Europe/Berlin',
      '2026-03-02T12:00+01:00',
      '2026-03-06T22:00+01:00',
      '2026-03-07T06:00+01:00',
    ],
    [
      'take 00:00 as an end for midnight at the end of the day',
      'fri 09:00–00:00 Europe/Berlin',
      '2026-03-02T12:00+01:00',
      '2026-03-06T09:00+01:00',
      '2026-03-07T00:00+01:00',
    ],
    [
      'take 24:00 as an end for the same',
      'fri 09:00–24:00 Europe/Berlin',
      '2026-03-02T12:00+01:00',
      '2026-03-06T09:00+01:00',
      '2026-03-07T00:00+01:00',
    ],
    [
      'are one from Monday to Friday when each day is open as a whole',
      'mon–fri 00:00–24:00 Europe/Berlin',
      '2026-03-28T12:00+01:00',
      '2026-03-30T00:00+02:00',
      '2026-04-04T00:00+02:00',
    ],
    [
      'open when the clock jumps over the start (Berlin)',
      'sun 02:30–05:00 Europe/Berlin',
      '2026-03-28T12:00+01:00',
      '2026-03-29T03:00+02:00',
      '2026-03-29T05:00+02:00',
    ],
    [
      'close when the clock jumps over the end (Berlin)',
      'sat 22:00–02:30 Europe/Berlin',
      '2026-03-28T12:00+01:00',
      '2026-03-28T22:00+01:00',
      '2026-03-29T03:00+02:00',
    ],
    [
      'open when a start that comes twice comes first (Berlin)',
      'sun 02:30–05:00 Europe/Berlin',
      '2026-10-24T12:00+02:00',
      '2026-10-25T02:30+02:00',
      '2026-10-25T05:00+01:00',
    ],
    [
      'close when an end that comes twice comes first (Berlin)',
      'sat 22:00–02:30 Europe/Berlin',
      '2026-10-24T12:00+02:00',
      '2026-10-24T22:00+02:00',
      '2026-10-25T02:30+02:00',
    ],
    [
      'stay away for a week when the clock jumps over all of them',
      'sun 02:15–02:45 Europe/Berlin',
      '2026-03-28T12:00+01:00',
      '2026-04-05T02:15+02:00',
      '2026-04-05T02:45+02:00',
    ],
    [
      'of a night last 8 hours in spring (New York)',
      'sat 22:00–07:00 America/New_York',
      '2026-03-07T12:00-05:00',
      '2026-03-07T22:00-05:00',
      '2026-03-08T07:00-04:00',
    ],
    [
      'of a night last 10 hours in autumn (New York)',
      'sat 22:00–07:00 America/New_York',
      '2026-10-31T12:00-04:00',
      '2026-10-31T22:00-04:00',
      '2026-11-01T07:00-05:00',
    ],
    [
      'last an hour longer when all of them come twice (New York)',
      'sun 01:00–02:00 America/New_York',
      '2026-10-31T12:00-04:00',
      '2026-11-01T01:00-04:00',
      '2026-11-01T02:00-05:00',
    ],
    [
      'open when the clock jumps half an hour over the start (Lord Howe)',
      'sun 02:15–09:00 Australia/Lord_Howe',
      '2026-10-03T12:00+10:30',
      '2026-10-04T02:30+11:00',
      '2026-10-04T09:00+11:00',
    ],
    [
      'open at the first of two within half an hour (Lord Howe)',
      'sun 01:45–09:00 Australia/Lord_Howe',
      '2026-04-04T12:00+11:00',
      '2026-04-05T01:45+11:00',
      '2026-04-05T09:00+10:30',
    ],
    [
      'open at 01:00 on a day that has no midnight (Santiago)',
      'sun 00:00–24:00 America/Santiago',
      '2026-09-05T12:00-04:00',
      '2026-09-06T01:00-03:00',
      '2026-09-07T00:00-03:00',
    ],
    [
      'last 25 hours on a day whose last hour comes twice (Santiago)',
      'sat 00:00–24:00 America/Santiago',
      '2026-04-03T12:00-03:00',
      '2026-04-04T00:00-03:00',
      '2026-04-05T00:00-04:00',
    ],
    [
      'close when the clock jumps over midnight (Santiago)',
      'sat 09:00–24:00 America/Santiago',
      '2026-09-05T01:00-04:00',
      '2026-09-05T09:00-04:00',
      '2026-09-06T01:00-03:00',
    ],
    [
      'open at 01:00 on a Friday that has no midnight (Cairo)',
      'fri 00:30–08:00 Africa/Cairo',
      '2026-04-23T12:00+02:00',
      '2026-04-24T01:00+03:00',
      '2026-04-24T08:00+03:00',
    ],
    [
      'last an hour longer on a Thursday whose last hour comes twice (Cairo)',
      'thu 09:00–24:00 Africa/Cairo',
      '2026-10-28T12:00+03:00',
      '2026-10-29T09:00+03:00',
      '2026-10-30T00:00+02:00',
    ],
    [
      'end with the day, not an hour later, where midnight comes twice (Havana)',
      'sat 00:00–24:00 America/Havana',
      '2026-10-30T12:00-04:00',
      '2026-10-31T00:00-04:00',
      '2026-11-01T00:00-04:00',
    ],
    [
      'skip the Friday that Samoa skipped',
      'mon–fri 09:00–17:00 Pacific/Apia',
      '2011-12-29T17:00-10:00',
      '2012-01-02T09:00+14:00',
      '2012-01-02T17:00+14:00',
    ],
    [
      'go on with Saturday after the Friday that Samoa skipped',
      'mon–sun 09:00–17:00 Pacific/Apia',
      '2011-12-29T17:00-10:00',
      '2011-12-31T09:00+14:00',
      '2011-12-31T17:00+14:00',
    ],
    [
      'open 14 hours ahead of UTC (Kiribati)',
      'mon–fri 09:00–17:00 Pacific/Kiritimati',
      '2026-03-01T12:00Z',
      '2026-03-02T09:00+14:00',
      '2026-03-02T17:00+14:00',
    ],
    [
      'skip the Saturday that Kiribati skipped',
      'sat 09:00–17:00 Pacific/Kiritimati',
      '1994-12-29T12:00-10:00',
      '1995-01-07T09:00+14:00',
      '1995-01-07T17:00+14:00',
    ],
    [
      'open at an offset of quarter hours (Kathmandu)',
      'sun 10:00–17:00 Asia/Kathmandu',
      '2026-02-28T12:00+05:45',
      '2026-03-01T10:00+05:45',
      '2026-03-01T17:00+05:45',
    ],
    ['open in UTC', 'mon–fri 09:00–17:00 UTC', '2026-03-27T17:00Z', '2026-03-30T09:00Z', '2026-03-30T17:00Z'],
  ])('%s', (_, text, from, opensAt, closesAt) => {
    const week = hours(text);
    const justBefore = (instant: string) => new Date(Date.parse(instant) - 1);
    expect(isOpen(week, new Date(from))).toBe(false);
    expect(nextOpening(week, new Date(from))).toEqual(new Date(opensAt));
    expect(isOpen(week, justBefore(opensAt))).toBe(false);
    expect(isOpen(week, new Date(opensAt))).toBe(true);
    expect(isOpen(week, justBefore(closesAt))).toBe(true);
    expect(isOpen(week, new Date(closesAt))).toBe(false);
  });

  const office = hours('mon–fri 09:00–17:00 Europe/Berlin');

  test('that are open have their next opening now', () => {
    const now = new Date('2026-03-02T12:34:56.789Z');
    expect(nextOpening(office, now)).toEqual(now);
  });

  test('that cover the whole week are never quiet', () => {
    const always = hours('mon–sun 00:00–24:00 America/Santiago');
    for (const now of ['2026-04-04T23:30-04:00', '2026-09-06T01:00-03:00', '2026-09-05T23:59:59.999-04:00'])
      expect(isOpen(always, new Date(now))).toBe(true);
  });

  test('of an invalid instant are an error, not an endless search', () => {
    expect(() => isOpen(office, new Date(Number.NaN))).toThrow(RangeError);
  });
});
