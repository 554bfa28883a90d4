import type { QuietHours } from './quiet-hours.ts';
import type { Rules } from './rules.ts';
import { cityOf } from './time-zone.ts';
import {
  type EventType,
  eventTypeNames,
  eventTypes,
  type RiskLevel,
  type Weekday,
  weekdays,
} from './vocabulary.ts';

const thresholdNames: Readonly<Record<RiskLevel, string>> = {
  low: 'all levels',
  medium: 'medium and above',
  high: 'high and critical',
  critical: 'critical only',
};

const dayNames: Readonly<Record<Weekday, string>> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

/**
 * A channel's rules in one line of plain text: "All events · all levels", "Customer at risk · high and critical · quiet
 * outside Mon–Fri 09:00–17:00, Berlin".
 */
export function describeRules({
  eventTypes: types,
  riskThreshold,
  scoreDeltaMinimum,
  quietHours,
}: Rules): string {
  const parts = [describeTypes(types), thresholdNames[riskThreshold]];
  if (scoreDeltaMinimum > 0 && types.includes('health_score_drop'))
    parts.push(`drops of ${scoreDeltaMinimum} points or more`);
  if (quietHours !== 'off') {
    const discards = quietHours.after === 'discard' ? ', nothing kept' : '';
    parts.push(`quiet outside ${describeHours(quietHours)}${discards}`);
  }
  return parts.join(' · ');
}

/** "Mon–Fri 09:00–17:00, Berlin" */
export function describeHours({ timeZone, businessDays, start, end }: QuietHours): string {
  return `${describeDays(businessDays)} ${start}–${end}, ${cityOf(timeZone)}`;
}

function describeTypes(types: readonly EventType[]): string {
  if (types.length === eventTypes.length) return 'All events';
  const names = eventTypes.filter((type) => types.includes(type)).map((type) => eventTypeNames[type]);
  return names.map((name, index) => (index === 0 ? name : name.toLowerCase())).join(', ');
}

/** Three days or more in a row as `Mon–Fri`; the week has no end, so Saturday and Monday have Sunday between them. */
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
  const names = run.map((day) => dayNames[day]);
  return names.length < 3 ? names.join(', ') : `${names[0]}–${names.at(-1)}`;
}
