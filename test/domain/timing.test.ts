import { describe, expect, test } from 'vitest';
import { defaultRules, rulesSchema } from '../../src/domain/rules.ts';
import { businessHoursSchema, timingSchema, whenToSend } from '../../src/domain/timing.ts';
import { businessHours } from '../support/business-hours.ts';

const office = businessHours({ timeZone: 'Europe/Berlin' });
const daily = {
  kind: 'daily_digest',
  timeZone: 'UTC',
  days: office.days,
  holidays: office.holidays,
} as const;

describe('the timing as it is set', () => {
  test('may be at once, business hours, or a daily digest', () => {
    for (const timing of ['at_once', office, daily] as const)
      expect(rulesSchema.parse({ ...defaultRules, timing }).timing).toEqual(timing);
  });

  test('is kept with days and dates in order and the zone by its one name', () => {
    const hours = { start: '09:00', end: '17:00' };
    const dates = [
      { date: '2026-12-31', until: null },
      { date: '2026-12-24', until: '13:00' },
    ];
    const timing = businessHoursSchema.parse({
      ...office,
      timeZone: 'asia/calcutta',
      days: { sun: hours, wed: hours, mon: hours },
      holidays: { country: 'DE', region: 'BY', dates },
    });
    expect(timing).toEqual({
      ...office,
      timeZone: 'Asia/Kolkata',
      days: { mon: hours, wed: hours, sun: hours },
      holidays: { country: 'DE', region: 'BY', dates: dates.toReversed() },
    });
    expect(Object.keys(timing.days)).toEqual(['mon', 'wed', 'sun']);
  });

  test('has no holidays where none are named', () => {
    const { holidays: _, ...without } = office;
    expect(timingSchema.parse(without)).toEqual(office);
  });

  const hours = { start: '09:00', end: '17:00' };
  test.each<[string, Record<string, unknown>, field: string, message: string]>([
    ['no zone', { timeZone: undefined }, 'timeZone', 'must be a time zone such as Europe/Berlin'],
    ['an offset', { timeZone: '+02:00' }, 'timeZone', 'must be a time zone such as Europe/Berlin'],
    ['no day', { days: {} }, 'days', 'must have at least one day'],
    [
      'days as a list',
      { days: ['mon'] },
      'days',
      'must be an object with hours for some of mon, tue, wed, thu, fri, sat, sun',
    ],
    [
      'a start at 24:00',
      { days: { mon: { ...hours, start: '24:00' } } },
      'days.mon.start',
      'must be a time such as 09:00',
    ],
    [
      'a start without a zero',
      { days: { mon: { ...hours, start: '9:00' } } },
      'days.mon.start',
      'must be a time such as 09:00',
    ],
    [
      'an end after 24:00',
      { days: { mon: { ...hours, end: '24:01' } } },
      'days.mon.end',
      'must be a time such as 17:00, or 24:00 for midnight',
    ],
    [
      'no time between',
      { days: { mon: { ...hours, end: '09:00' } } },
      'days.mon.end',
      'must differ from the start; all day is 00:00 to 24:00',
    ],
    ['another fate', { outside: 'keep' }, 'outside', 'must be digest or discard'],
    [
      'a country that has no calendar',
      { holidays: { country: 'XX', region: null, dates: [] } },
      'holidays.country',
      'must be a country such as DE, with a region such as BY or null; both null for no public holidays',
    ],
    [
      'a region of another country',
      { holidays: { country: 'DE', region: 'CA', dates: [] } },
      'holidays.country',
      'must be a country such as DE, with a region such as BY or null; both null for no public holidays',
    ],
    [
      'a date that does not exist',
      { holidays: { country: null, region: null, dates: [{ date: '2026-02-30', until: null }] } },
      'holidays.dates.0.date',
      'must be a date such as 2026-12-24',
    ],
    [
      'a date twice',
      {
        holidays: { country: null, region: null, dates: Array(2).fill({ date: '2026-12-24', until: null }) },
      },
      'holidays.dates',
      'must not list a date twice',
    ],
    ['what is unknown', { after: [] }, '', 'Unrecognized key: "after"'],
  ])('with %s is refused, and the field is told what it should be', (_, change, field, message) => {
    const issues = businessHoursSchema.safeParse({ ...office, ...change }).error?.issues;
    expect(issues?.map((issue) => [issue.path.join('.'), issue.message])).toEqual([[field, message]]);
  });

  test.each<[string, unknown, path: string, message: string]>([
    [
      'neither at once nor hours',
      'on',
      'timing',
      'must be "at_once", or an object of the kind business_hours or daily_digest',
    ],
    [
      'a bad zone',
      { ...office, timeZone: 'x' },
      'timing.timeZone',
      'must be a time zone such as Europe/Berlin',
    ],
    ['another kind', { ...office, kind: 'weekly' }, 'timing', 'kind must be business_hours or daily_digest'],
    [
      'fields of other types',
      { ...office, timeZone: 9, outside: null },
      'timing',
      'timeZone must be a time zone such as Europe/Berlin; outside must be digest or discard',
    ],
  ])('with %s makes rules that are refused with the field and the reason', (_, timing, path, message) => {
    const issues = rulesSchema.safeParse({ ...defaultRules, timing }).error?.issues;
    expect(issues?.map((issue) => [issue.path.join('.'), issue.message])).toEqual([[path, message]]);
  });
});

describe('when an alert is sent', () => {
  const monday = (time: string) => new Date(`2026-03-02T${time}:00Z`);

  test('at once, whenever it comes', () => {
    expect(whenToSend('at_once', monday('03:00'))).toEqual(monday('03:00'));
  });

  test('in a daily digest: at the next start, strictly later', () => {
    expect(whenToSend(daily, monday('08:59'))).toEqual(monday('09:00'));
    expect(whenToSend(daily, monday('09:00'))).toEqual(new Date('2026-03-03T09:00:00Z'));
    expect(whenToSend(daily, monday('12:00'))).toEqual(new Date('2026-03-03T09:00:00Z'));
    expect(whenToSend(daily, new Date('2026-03-06T12:00:00Z'))).toEqual(new Date('2026-03-09T09:00:00Z'));
  });
});
