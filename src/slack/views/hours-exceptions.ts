import { DateTime } from 'luxon';
import type { Hours } from '../../domain/business-hours.ts';
import type { Holidays } from '../../domain/holidays.ts';
import { type Weekday, weekdayNames, weekdays } from '../../domain/vocabulary.ts';
import { rulesCopy } from './rules-copy.ts';

/** A weekday with different hours, or none. */
type OwnDay = { day: Weekday; hours: Hours | null };
type OwnDate = Holidays['dates'][number];

/**
 * One exception per line: `Fri 09:00–15:00`, `Wed closed`, `24 Dec 2026 until 13:00`. In a daily digest, a weekday
 * has one time.
 */
export function parseExceptions(
  text: string,
  isDaily: boolean,
): { days: OwnDay[]; dates: OwnDate[] } | { wrongLine: string } {
  const days: OwnDay[] = [];
  const dates: OwnDate[] = [];
  for (const line of text.split(/[\n;]/)) {
    const words = line.trim().replace(/\s+/g, ' ');
    if (words === '') continue;
    const day = readDay(words, isDaily);
    const date = readDate(words);
    if (day !== undefined) days.push(day);
    else if (date !== undefined) dates.push(date);
    else return { wrongLine: words };
  }
  return { days, dates };
}

export function formatExceptions(
  days: readonly { day: Weekday; hours: Hours }[],
  dates: readonly OwnDate[],
  isDaily: boolean,
): string {
  const ofDays = days.map(
    ({ day, hours: { start, end } }) => `${weekdayNames[day]} ${isDaily ? start : `${start}–${end}`}`,
  );
  const ofDates = dates.map(
    ({ date, until }) =>
      `${DateTime.fromISO(date).toFormat('d LLL yyyy', { locale: 'en' })} ${until === null ? 'closed' : `until ${until}`}`,
  );
  return [...ofDays, ...ofDates].join('\n');
}

const closed = /^(closed|off|none)$/i;

function readDay(line: string, isDaily: boolean): OwnDay | undefined {
  const [, name = '', rest = ''] = /^([a-z]{3,9})[,:]? (.+)$/i.exec(line) ?? [];
  const day = weekdays.find(
    (each) => rulesCopy.dayNames[each].toLowerCase().startsWith(name.toLowerCase()) && name !== '',
  );
  if (day === undefined) return undefined;
  if (closed.test(rest)) return { day, hours: null };
  const [start, end, more] = rest.split(/ ?(?:[-–—]|to|until) ?/i).map(readTime);
  if (start === undefined || start === '24:00' || more !== undefined) return undefined;
  if (isDaily) return { day, hours: { start, end: '24:00' } };
  const lasts = end === '00:00' ? '24:00' : end;
  return lasts === undefined || lasts === start ? undefined : { day, hours: { start, end: lasts } };
}

const dateFormats = ['yyyy-MM-dd', 'd LLL yyyy', 'd LLLL yyyy', 'LLL d yyyy', 'LLLL d yyyy'];

function readDate(line: string): OwnDate | undefined {
  const [, written = '', rest = 'closed'] = /^(.*?\d{4}(?:-\d\d-\d\d)?)(?:[:,]? (.+))?$/.exec(line) ?? [];
  const plain = written.replace(/[.,]/g, '').trim();
  const date = dateFormats
    .map((format) => DateTime.fromFormat(plain, format, { locale: 'en' }))
    .find(({ isValid }) => isValid)
    ?.toISODate();
  if (date === undefined || date === null) return undefined;
  if (closed.test(rest)) return { date, until: null };
  const [, time = ''] = /^(?:until|to|till) (.+)$/i.exec(rest) ?? [];
  const until = readTime(time);
  return until === undefined ? undefined : { date, until };
}

function readTime(text: string): string | undefined {
  const [, digits, minutes = '00', half] = /^(\d{1,2})(?:[:.](\d\d))? ?(am|pm)?$/i.exec(text.trim()) ?? [];
  if (digits === undefined || Number(minutes) > 59) return undefined;
  const hour = half === undefined ? Number(digits) : toHour(Number(digits), half.toLowerCase() === 'pm');
  const time = `${String(hour).padStart(2, '0')}:${minutes}`;
  return hour >= 0 && time <= '24:00' ? time : undefined;
}

function toHour(hour: number, isAfternoon: boolean): number {
  if (hour < 1 || hour > 12) return -1;
  return (hour % 12) + (isAfternoon ? 12 : 0);
}
