import DateHolidays from 'date-holidays';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isOpen, nextOpening, nextStart } from '../../src/domain/business-hours.ts';
import { describeWeek } from '../../src/domain/describe-week.ts';
import {
  findClosure,
  type Holidays,
  listCalendars,
  nameCalendar,
  noHolidays,
} from '../../src/domain/holidays.ts';
import { dayMs } from '../../src/lib/time.ts';
import { businessHours } from '../support/business-hours.ts';

const bavaria: Holidays = { country: 'DE', region: 'BY', dates: [] };
const berlin = businessHours({ timeZone: 'Europe/Berlin' });

function closureOf(holidays: Holidays, date: string) {
  return findClosure(holidays, Date.parse(date) / dayMs);
}

describe('a day without hours', () => {
  test.each<[string, Holidays, date: string, expected: object | undefined]>([
    ['a public holiday', bavaria, '2026-12-25', { from: 0, name: 'Christmas Day' }],
    ['one of the region only', bavaria, '2026-01-06', { from: 0, name: 'Epiphany' }],
    ['not in other regions', { ...bavaria, region: 'BE' }, '2026-01-06', undefined],
    ['one that moves', bavaria, '2027-03-29', { from: 0, name: 'Easter Monday' }],
    [
      'its substitute',
      { ...noHolidays, country: 'GB', region: 'ENG' },
      '2026-12-28',
      { from: 0, name: 'Boxing Day (substitute day)' },
    ],
    ['each day of a long one', { ...noHolidays, country: 'KR' }, '2026-02-18', { from: 0 }],
    ['one that begins at noon', { ...noHolidays, country: 'FO' }, '2026-12-31', { from: dayMs / 2 }],
    [
      'a date of its own',
      { ...noHolidays, dates: [{ date: '2026-12-24', until: null }] },
      '2026-12-24',
      { from: 0 },
    ],
    [
      'a date of its own that ends early',
      { ...noHolidays, dates: [{ date: '2026-12-24', until: '13:00' }] },
      '2026-12-24',
      { from: (13 / 24) * dayMs },
    ],
    [
      'a public holiday that is a day like any other here',
      { ...bavaria, dates: [{ date: '2026-01-06', until: '24:00' }] },
      '2026-01-06',
      { from: dayMs },
    ],
    ['not a day like any other', bavaria, '2026-12-24', undefined],
  ])('is %s', (_, holidays, date, expected) => {
    const found = closureOf(holidays, date);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });
});

describe('business hours with holidays', () => {
  const week = {
    ...berlin,
    holidays: { ...bavaria, dates: [{ date: '2026-12-24', until: '13:00' }] },
  };

  test('end early where a date of its own says so, and come back after the holidays', () => {
    expect(isOpen(week, new Date('2026-12-24T12:59+01:00'))).toBe(true);
    expect(isOpen(week, new Date('2026-12-24T13:00+01:00'))).toBe(false);
    // Friday the 25th and Saturday the 26th are holidays, followed by a Sunday.
    expect(nextOpening(week, new Date('2026-12-24T13:00+01:00'))).toEqual(new Date('2026-12-28T09:00+01:00'));
  });

  test('that run over midnight go on into a holiday', () => {
    const night = businessHours({ timeZone: 'Europe/Berlin', start: '22:00', end: '06:00' });
    const nights = { ...night, holidays: bavaria };
    expect(isOpen(nights, new Date('2026-12-25T05:00+01:00'))).toBe(true);
    expect(isOpen(nights, new Date('2026-12-25T23:00+01:00'))).toBe(false);
  });

  test('open no daily digest on a holiday', () => {
    expect(nextStart(week, new Date('2026-12-24T10:00+01:00'))).toEqual(new Date('2026-12-28T09:00+01:00'));
  });

  test('are found however many of their days are closed', () => {
    const sundays = Array.from({ length: 40 }, (_, index) => ({
      date: new Date(Date.UTC(2026, 0, 4) + index * 7 * dayMs).toISOString().slice(0, 10),
      until: null,
    }));
    const rare = {
      ...businessHours({ days: ['sun'] }),
      holidays: { ...noHolidays, dates: sundays },
    };
    expect(nextOpening(rare, new Date('2026-01-01T00:00Z'))).toEqual(new Date('2026-10-11T09:00Z'));
  });
});

describe('the week in words', () => {
  const hours = { start: '09:00', end: '17:00' };
  const week = { ...berlin, days: { ...berlin.days, fri: { start: '09:00', end: '15:00' } } };
  test.each([
    [week, 'Mon–Thu 09:00–17:00, Fri 09:00–15:00, Berlin'],
    [
      { ...week, holidays: bavaria },
      'Mon–Thu 09:00–17:00, Fri 09:00–15:00, Berlin; closed on public holidays of Germany, Bayern; next: 25 December',
    ],
    [
      { ...berlin, holidays: { ...noHolidays, dates: [{ date: '2026-12-24', until: '13:00' }] } },
      'Mon–Fri 09:00–17:00, Berlin; different on a date of its own; next: 24 December until 13:00',
    ],
    [
      {
        ...berlin,
        days: { sat: hours },
        holidays: { ...bavaria, dates: [{ date: '2026-12-24', until: null }] },
      },
      'Sat 09:00–17:00, Berlin; closed on public holidays of Germany, Bayern, different on a date of its own; next: 26 December',
    ],
  ])('%#', (shown, words) => {
    expect(describeWeek(shown, 'hours', new Date('2026-12-01T12:00Z'))).toBe(words);
  });
});

test('every calendar that is offered has a name of its own', () => {
  const calendars = listCalendars();
  expect(calendars.length).toBeGreaterThan(500);
  expect(new Set(calendars.map(({ name }) => name)).size).toBe(calendars.length);
});

test('a calendar never closes most of a year: one in twelve is read', () => {
  const days = Array.from({ length: 366 }, (_, day) => Date.UTC(2026, 0, 1) / dayMs + day);
  const long = listCalendars().filter(({ country, region }, index) => {
    if (index % 12 !== 0) return false;
    return days.filter((day) => findClosure({ country, region, dates: [] }, day)).length > 60;
  });
  expect(long.map(({ country, region }) => nameCalendar(country, region))).toEqual([]);
});

test('each calendar is read once a year, whatever calendars an account chooses in turn', () => {
  const read = vi.spyOn(DateHolidays.prototype, 'getHolidays').mockReturnValue([]);
  onTestFinished(() => read.mockRestore());
  const readAll = () => {
    for (const { country, region } of listCalendars())
      for (const date of ['2084-12-30', '2085-01-02']) closureOf({ country, region, dates: [] }, date);
  };
  readAll();
  expect(read).toHaveBeenCalled();
  read.mockClear();
  readAll();
  expect(read.mock.calls.length).toBe(0);
});
