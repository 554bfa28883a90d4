import { describe, expect, test } from 'vitest';
import { msToMonday } from '../../../sandbox/ui/page/board/ms-to-monday.ts';
import { formatDate } from '../../../sandbox/ui/page/text/format-date.ts';

const at = Date.parse('2026-03-02T14:05:09Z');
const far = { now: Date.parse('2026-05-01T00:00:00Z'), timeZone: 'UTC' };

describe('a date in a message', () => {
  test.each([
    ['{date_num}', '2026-03-02'],
    ['{date_slash}', '03/02/2026'],
    ['{date}', 'March 2nd, 2026'],
    ['{date_short}', 'Mar 2, 2026'],
    ['{date_long}', 'Monday, March 2nd, 2026'],
    ['{date_pretty}', 'March 2nd, 2026'],
    ['{time}', '2:05 PM'],
    ['{time_secs}', '2:05:09 PM'],
    ['{ago}', '59 days ago'],
    ['on {date_short} at {time}', 'On Mar 2, 2026 at 2:05 PM'],
    ['{no_such_token}', '{no_such_token}'],
  ])('as %s', (format, expected) => {
    expect(formatDate(at, format, far).replaceAll('\u202f', ' ')).toBe(expected);
  });

  test.each([
    ['2026-03-02T23:00:00Z', 'UTC', 'Today'],
    ['2026-03-03T01:00:00Z', 'UTC', 'Yesterday'],
    ['2026-03-01T23:00:00Z', 'UTC', 'Tomorrow'],
    ['2026-03-02T23:30:00Z', 'Europe/Berlin', 'Yesterday'],
    ['2026-03-04T00:00:00Z', 'UTC', 'Mar 2, 2026'],
  ])('is seen at %s in %s as %s', (now, timeZone, expected) => {
    expect(formatDate(at, '{date_short_pretty}', { now: Date.parse(now), timeZone })).toBe(expected);
  });
});

describe('next Monday, 09:00', () => {
  test.each([
    ['2046-03-04T12:00:00Z', 'UTC', '2046-03-05T09:00:00Z'],
    ['2046-03-05T08:59:00Z', 'UTC', '2046-03-05T09:00:00Z'],
    ['2046-03-05T09:00:00Z', 'UTC', '2046-03-12T09:00:00Z'],
    ['2046-03-05T09:30:00Z', 'UTC', '2046-03-12T09:00:00Z'],
    ['2046-03-20T12:00:00Z', 'Europe/Berlin', '2046-03-26T07:00:00Z'],
    ['2046-03-04T12:00:00Z', 'Asia/Kathmandu', '2046-03-05T03:15:00Z'],
  ])('after %s in %s is %s', (now, timeZone, expected) => {
    const from = Date.parse(now);
    expect(new Date(from + msToMonday(from, timeZone)).toISOString()).toBe(new Date(expected).toISOString());
  });
});
