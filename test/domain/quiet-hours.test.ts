import { describe, expect, test } from 'vitest';
import { type QuietHours, quietHoursSchema } from '../../src/domain/quiet-hours.ts';
import { defaultRules, rulesSchema } from '../../src/domain/rules.ts';

const office: QuietHours = {
  timeZone: 'Europe/Berlin',
  businessDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  start: '09:00',
  end: '17:00',
  after: 'digest',
};

describe('quiet hours as they are set', () => {
  test('may be off, or be business hours', () => {
    expect(rulesSchema.parse({ ...defaultRules, quietHours: 'off' }).quietHours).toBe('off');
    expect(rulesSchema.parse({ ...defaultRules, quietHours: office }).quietHours).toEqual(office);
  });

  test('are kept with the days in order and the zone by its one name', () => {
    const fixture = { ...office, timeZone: 'asia/calcutta', businessDays: ['sun', 'wed', 'mon'] };
    expect(quietHoursSchema.parse(fixture)).toEqual({
      ...office,
      timeZone: 'Asia/Kolkata',
      businessDays: ['mon', 'wed', 'sun'],
    });
  });

  test.each<[string, Record<string, unknown>, field: string, message: string]>([
    ['no zone', { timeZone: undefined }, 'timeZone', 'must be a time zone such as Europe/Berlin'],
    ['an offset', { timeZone: '+02:00' }, 'timeZone', 'must be a time zone such as Europe/Berlin'],
    ['no day', { businessDays: [] }, 'businessDays', 'must have at least one day'],
    ['a day twice', { businessDays: ['mon', 'mon'] }, 'businessDays', 'names a day twice'],
    [
      'an unknown day',
      { businessDays: ['monday'] },
      'businessDays.0',
      'must be a list of mon, tue, wed, thu, fri, sat, sun',
    ],
    ['a start at 24:00', { start: '24:00' }, 'start', 'must be a time such as 09:00'],
    ['a start without a zero', { start: '9:00' }, 'start', 'must be a time such as 09:00'],
    ['an end after 24:00', { end: '24:01' }, 'end', 'must be a time such as 17:00, or 24:00 for midnight'],
    [
      'an end with seconds',
      { end: '17:00:00' },
      'end',
      'must be a time such as 17:00, or 24:00 for midnight',
    ],
    ['no time between', { end: '09:00' }, 'end', 'must differ from the start; all day is 00:00 to 24:00'],
    ['another fate', { after: 'keep' }, 'after', 'must be digest or discard'],
    ['what is unknown', { days: [] }, '', 'Unrecognized key: "days"'],
  ])('with %s are refused, and the field is told what it should be', (_, change, field, message) => {
    const issues = quietHoursSchema.safeParse({ ...office, ...change }).error?.issues;
    expect(issues?.map((issue) => [issue.path.join('.'), issue.message])).toEqual([[field, message]]);
  });

  test.each<[string, unknown, path: string, message: string]>([
    [
      'neither off nor hours',
      'on',
      'quietHours',
      'must be "off", or an object with timeZone, businessDays, start, end and after',
    ],
    ['a bad time', { ...office, start: '9' }, 'quietHours.start', 'must be a time such as 09:00'],
    [
      'fields of other types',
      { ...office, start: 9, after: null },
      'quietHours',
      'start must be a time such as 09:00; after must be digest or discard',
    ],
  ])('with %s make rules that are refused with the field and the reason', (_, quietHours, path, message) => {
    const issues = rulesSchema.safeParse({ ...defaultRules, quietHours }).error?.issues;
    expect(issues?.map((issue) => [issue.path.join('.'), issue.message])).toEqual([[path, message]]);
  });
});
