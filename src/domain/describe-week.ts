import { dayMs } from '../lib/time.ts';
import { type BusinessWeek, type Hours, toSpan, weekdayOf } from './business-hours.ts';
import { findClosure, type Holidays, nameCalendar } from './holidays.ts';
import { cityOf } from './time-zone.ts';
import { type Weekday, weekdayNames, weekdays } from './vocabulary.ts';
import { wallTimeAt } from './wall-clock.ts';

/** Returns `Mon–Thu 09:00–17:00, Berlin; closed on public holidays of Germany; next: 25 December`, say. */
export function describeWeek(week: BusinessWeek, show: 'hours' | 'starts', now?: Date): string {
  const groups = groupDays(week.days, ({ start, end }) => (show === 'hours' ? `${start}–${end}` : start));
  const days = groups.map(({ days, text }) => `${describeDays(days)} ${text}`).join(', ');
  const parts = [`${days}, ${cityOf(week.timeZone)}`, ...describeHolidays(week.holidays)];
  const next = now && findNextClosure(week, now);
  if (next !== undefined) parts.push(`next: ${next}`);
  return parts.join('; ');
}

function groupDays(
  days: BusinessWeek['days'],
  describe: (hours: Hours) => string,
): { days: Weekday[]; text: string }[] {
  const groups = new Map<string, Weekday[]>();
  for (const day of weekdays) {
    const hours = days[day];
    if (hours !== undefined) groups.set(describe(hours), [...(groups.get(describe(hours)) ?? []), day]);
  }
  return [...groups].map(([text, days]) => ({ days, text }));
}

/** Weeks do not wrap: Saturday to Monday is not a range. */
function describeDays(days: readonly Weekday[]): string {
  if (days.length === weekdays.length) return 'every day';
  const runs: Weekday[][] = [];
  for (const day of weekdays.filter((each) => days.includes(each))) {
    const run = runs.at(-1);
    if (run !== undefined && weekdays.indexOf(day) === weekdays.indexOf(run.at(-1) ?? day) + 1) run.push(day);
    else runs.push([day]);
  }
  return runs.map(describeRun).join(', ');
}

function describeRun(run: readonly Weekday[]): string {
  const names = run.map((day) => weekdayNames[day]);
  return names.length < 3 ? names.join(', ') : `${names[0]}–${names.at(-1)}`;
}

function describeHolidays({ country, region, dates }: Holidays): string[] {
  const own = dates.length === 1 ? 'a date of its own' : `${dates.length} dates of its own`;
  if (country === null) return dates.length === 0 ? [] : [`different on ${own}`];
  const calendar = `closed on public holidays of ${nameCalendar(country, region)}`;
  return [dates.length === 0 ? calendar : `${calendar}, different on ${own}`];
}

const daysAhead = 370;

/** Finds the next day that is closed or shortened: "25 December", "24 December until 13:00". */
function findNextClosure({ timeZone, days, holidays }: BusinessWeek, now: Date): string | undefined {
  const today = Math.floor(wallTimeAt(timeZone, now.getTime()) / dayMs);
  for (let date = today; date <= today + daysAhead; date++) {
    const hours = days[weekdayOf(date)];
    const from = findClosure(holidays, date)?.from;
    if (hours === undefined || from === undefined) continue;
    const { start, end } = toSpan(hours);
    if (from < end) return from <= start ? nameDate(date) : `${nameDate(date)} until ${toTime(from)}`;
  }
  return undefined;
}

function nameDate(date: number): string {
  return new Date(date * dayMs).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
}

function toTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}
