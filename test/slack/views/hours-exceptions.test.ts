import { describe, expect, test } from 'vitest';
import { formatExceptions, parseExceptions } from '../../../src/slack/views/hours-exceptions.ts';

describe('days and dates with other hours, as they are typed', () => {
  test.each([
    ['Fri 09:00–15:00', { day: 'fri', hours: { start: '09:00', end: '15:00' } }],
    ['friday: 9-15', { day: 'fri', hours: { start: '09:00', end: '15:00' } }],
    ['Fri 9 am to 3:30 pm', { day: 'fri', hours: { start: '09:00', end: '15:30' } }],
    ['Sat 22:00 — 6:00', { day: 'sat', hours: { start: '22:00', end: '06:00' } }],
    ['Sun 12 am - 12 pm', { day: 'sun', hours: { start: '00:00', end: '12:00' } }],
    ['Sun 18:00-00:00', { day: 'sun', hours: { start: '18:00', end: '24:00' } }],
    ['Wed closed', { day: 'wed', hours: null }],
  ])('the weekday “%s”', (line, day) => {
    expect(parseExceptions(line, false)).toEqual({ days: [day], dates: [] });
  });

  test.each([
    ['24 Dec 2026 until 13:00', { date: '2026-12-24', until: '13:00' }],
    ['24 December 2026: until 1 pm', { date: '2026-12-24', until: '13:00' }],
    ['Dec 24, 2026 until 13.00', { date: '2026-12-24', until: '13:00' }],
    ['2026-12-24 until 13:00', { date: '2026-12-24', until: '13:00' }],
    ['2026-12-31 closed', { date: '2026-12-31', until: null }],
    ['31 Dec 2026', { date: '2026-12-31', until: null }],
    ['6 Jan 2027 until 24:00', { date: '2027-01-06', until: '24:00' }],
  ])('the date “%s”', (line, date) => {
    expect(parseExceptions(line, false)).toEqual({ days: [], dates: [date] });
  });

  test.each([
    'Fri',
    'Fri 09:00',
    'Fri 15:00–15:00',
    'Fri 25:00–26:00',
    'Fri 9:75–10:00',
    'Fri 13 pm–14 pm',
    'Fri 09:00–12:00–15:00',
    'Caturday 09:00–15:00',
    '24 Dec until 13:00',
    '30 Feb 2026 closed',
    '2026-12-24 from 13:00',
    'Christmas',
  ])('“%s” is not clear, and is said back', (line) => {
    expect(parseExceptions(`Mon 09:00–10:00\n${line}`, false)).toEqual({ wrongLine: line });
  });

  test('blank lines say nothing', () => {
    expect(parseExceptions('\n  \n', false)).toEqual({ days: [], dates: [] });
  });

  test('for a daily digest a weekday has one time', () => {
    expect(parseExceptions('Fri 15:00', true)).toEqual({
      days: [{ day: 'fri', hours: { start: '15:00', end: '24:00' } }],
      dates: [],
    });
  });

  test('are read as they are written', () => {
    const days = [{ day: 'fri', hours: { start: '09:00', end: '15:00' } }] as const;
    const dates = [
      { date: '2026-12-24', until: '13:00' },
      { date: '2026-12-31', until: null },
    ];
    const text = formatExceptions(days, dates, false);
    expect(text).toBe('Fri 09:00–15:00\n24 Dec 2026 until 13:00\n31 Dec 2026 closed');
    expect(parseExceptions(text, false)).toEqual({ days, dates });
  });
});
