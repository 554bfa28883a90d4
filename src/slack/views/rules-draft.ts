import type { Hours } from '../../domain/business-hours.ts';
import {
  type MentionOwner,
  mentionChoices,
  type RemindAfter,
  type RepeatAfter,
  type Rules,
  remindChoices,
  repeatChoices,
} from '../../domain/rules.ts';
import { businessHoursSchema, dailyDigestSchema, type Timing } from '../../domain/timing.ts';
import {
  type EventType,
  eventTypes,
  type RiskLevel,
  riskLevels,
  type Weekday,
  weekdays,
} from '../../domain/vocabulary.ts';
import { copy } from './copy.ts';
import { formatExceptions, parseExceptions } from './hours-exceptions.ts';
import { isOneOf } from './inputs.ts';

export const timingChoices = ['at_once', 'digest', 'discard', 'daily'] as const;
type TimingChoice = (typeof timingChoices)[number];

/** Each part may still be missing. */
export type HoursDraft = {
  timeZone: string | null;
  days: Weekday[];
  start: string | null;
  end: string | null;
  /** `DE`, or `DE/BY` with a region. */
  calendar: string | null;
  /** One per line, as typed. */
  exceptions: string;
};

export type RulesDraft = {
  eventTypes: EventType[];
  riskThreshold: RiskLevel;
  scoreDelta: string;
  timing: TimingChoice;
  hours: HoursDraft;
  /** The owners' ids; none for anyone. */
  owners: string[];
  mentionOwner: MentionOwner;
  repeatAfter: RepeatAfter;
  remindAfter: RemindAfter;
};

export type RulesField = 'eventTypes' | 'scoreDelta' | 'timeZone' | 'days' | 'start' | 'end' | 'exceptions';

const { errors } = copy.rules;

const usualHours = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri'] as Weekday[],
  start: '09:00',
  end: '17:00',
  calendar: null,
  exceptions: '',
};

/** @param timeZone used for a channel without hours */
export function toDraft(rules: Rules, timeZone: string | null): RulesDraft {
  const { timing } = rules;
  return {
    eventTypes: rules.eventTypes,
    riskThreshold: rules.riskThreshold,
    scoreDelta: String(rules.scoreDeltaMinimum),
    timing: toChoice(timing),
    hours: timing === 'at_once' ? { timeZone, ...usualHours } : toHoursDraft(timing),
    owners: rules.owners === 'anyone' ? [] : rules.owners,
    mentionOwner: rules.mentionOwner,
    repeatAfter: rules.repeatAfter,
    remindAfter: rules.remindAfter,
  };
}

function toChoice(timing: Timing): TimingChoice {
  if (timing === 'at_once') return 'at_once';
  return timing.kind === 'daily_digest' ? 'daily' : timing.outside;
}

/** The hours of most days become the fields, the others exceptions. */
function toHoursDraft(timing: Exclude<Timing, 'at_once'>): HoursDraft {
  const { timeZone, holidays } = timing;
  const isDaily = timing.kind === 'daily_digest';
  const own = weekdays.flatMap((day) => (timing.days[day] ? [{ day, hours: timing.days[day] }] : []));
  const keyOf = ({ start, end }: Hours) => (isDaily ? start : `${start}–${end}`);
  const counts = new Map<string, number>();
  for (const { hours } of own) counts.set(keyOf(hours), (counts.get(keyOf(hours)) ?? 0) + 1);
  const most =
    own.toSorted(
      (one, other) => (counts.get(keyOf(other.hours)) ?? 0) - (counts.get(keyOf(one.hours)) ?? 0),
    )[0]?.hours ?? usualHours;
  const different = own.filter(({ hours }) => keyOf(hours) !== keyOf(most));
  return {
    timeZone,
    days: own.map(({ day }) => day),
    start: most.start,
    // Slack's time pickers have no 24:00.
    end: isDaily ? usualHours.end : most.end.replace('24:00', '00:00'),
    calendar: holidays.country && [holidays.country, holidays.region ?? []].flat().join('/'),
    exceptions: formatExceptions(different, holidays.dates, isDaily),
  };
}

export function toRules(
  draft: RulesDraft,
): { rules: Rules } | { errors: Partial<Record<RulesField, string>> } {
  const isShown = draft.eventTypes.includes('health_score_drop');
  const scoreDeltaMinimum = toPoints(draft.scoreDelta) ?? (isShown ? undefined : 0);
  const timing = toTiming(draft);
  const found = {
    ...(draft.eventTypes.length === 0 && { eventTypes: errors.eventTypes }),
    ...(scoreDeltaMinimum === undefined && { scoreDelta: errors.scoreDelta }),
    ...('errors' in timing && timing.errors),
  };
  if ('errors' in timing || Object.keys(found).length > 0 || scoreDeltaMinimum === undefined)
    return { errors: found };
  return {
    rules: {
      eventTypes: eventTypes.filter((type) => draft.eventTypes.includes(type)),
      riskThreshold: draft.riskThreshold,
      scoreDeltaMinimum,
      owners: draft.owners.length === 0 ? 'anyone' : draft.owners,
      timing: timing.timing,
      mentionOwner: draft.mentionOwner,
      repeatAfter: draft.repeatAfter,
      remindAfter: draft.remindAfter,
    },
  };
}

function toPoints(typed: string): number | undefined {
  const points = Number(typed.trim().replace(',', '.'));
  return typed.trim() !== '' && points >= 0 && points <= 100 ? points : undefined;
}

function toTiming({
  timing,
  hours,
}: RulesDraft): { timing: Timing } | { errors: Partial<Record<RulesField, string>> } {
  if (timing === 'at_once') return { timing };
  const exceptions = parseExceptions(hours.exceptions, timing === 'daily');
  if ('wrongLine' in exceptions) return { errors: { exceptions: errors.exceptions(exceptions.wrongLine) } };
  const usual = {
    start: hours.start,
    end: timing === 'daily' || hours.end === '00:00' ? '24:00' : hours.end,
  };
  const days = new Map<Weekday, unknown>(hours.days.map((day) => [day, usual]));
  for (const { day, hours: own } of exceptions.days) {
    if (own === null) days.delete(day);
    else days.set(day, own);
  }
  const [country = null, region = null] = hours.calendar?.split('/') ?? [];
  const week = {
    timeZone: hours.timeZone,
    days: Object.fromEntries(days),
    holidays: { country, region, dates: exceptions.dates },
  };
  const parsed =
    timing === 'daily'
      ? dailyDigestSchema.safeParse({ kind: 'daily_digest', ...week })
      : businessHoursSchema.safeParse({ kind: 'business_hours', ...week, outside: timing });
  if (parsed.success) return { timing: parsed.data };
  return { errors: toFieldErrors(parsed.error.issues, hours) };
}

function toFieldErrors(
  issues: readonly { path: PropertyKey[] }[],
  { end }: HoursDraft,
): Partial<Record<RulesField, string>> {
  const has = (first: string, last?: string) =>
    issues.some(({ path }) => path[0] === first && (last === undefined || path.at(-1) === last));
  return {
    ...(has('timeZone') && { timeZone: errors.timeZone }),
    ...(has('days', 'days') && { days: errors.days }),
    ...(has('days', 'start') && { start: errors.start }),
    ...(has('days', 'end') && { end: end === null ? errors.end : errors.sameTimes }),
    ...(has('holidays') && { exceptions: errors.dates }),
  };
}

/** Narrows Slack's values: the options were ours, but the payload is only JSON. */
export const known = {
  eventType: isOneOf(eventTypes),
  riskLevel: isOneOf(riskLevels),
  repeat: isOneOf(repeatChoices),
  remind: isOneOf(remindChoices),
  mention: isOneOf(mentionChoices),
  weekday: isOneOf(weekdays),
  timing: isOneOf(timingChoices),
};
