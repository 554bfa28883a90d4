import { type QuietHours, quietHoursSchema } from '../../domain/quiet-hours.ts';
import type { Rules } from '../../domain/rules.ts';
import {
  type EventType,
  eventTypes,
  type RiskLevel,
  riskLevels,
  type Weekday,
  weekdays,
} from '../../domain/vocabulary.ts';
import { copy } from './copy.ts';

/** What becomes of alerts outside business hours; `always`: there are no quiet hours. */
export const timings = ['always', 'digest', 'discard'] as const;
export type Timing = (typeof timings)[number];

/** Business hours as the form has them: each of them may be missing yet. */
export type HoursDraft = {
  timeZone: string | null;
  days: Weekday[];
  start: string | null;
  end: string | null;
};

/** Rules while they are edited. */
export type RulesDraft = {
  eventTypes: EventType[];
  riskThreshold: RiskLevel;
  /** As it was typed. */
  scoreDelta: string;
  timing: Timing;
  hours: HoursDraft;
};

/** The fields that can be wrong. */
export type RulesField = 'eventTypes' | 'scoreDelta' | 'timeZone' | 'days' | 'start' | 'end';

const { errors } = copy.rules;

/** What business hours start with, where a channel has none. */
const usualHours = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as Weekday[], start: '09:00', end: '17:00' };

/** Rules as they are edited. @param timeZone for a channel that has no business hours yet */
export function toDraft(rules: Rules, timeZone: string | null): RulesDraft {
  const { quietHours } = rules;
  return {
    eventTypes: rules.eventTypes,
    riskThreshold: rules.riskThreshold,
    scoreDelta: String(rules.scoreDeltaMinimum),
    timing: quietHours === 'off' ? 'always' : quietHours.after,
    hours: quietHours === 'off' ? { timeZone, ...usualHours } : toHoursDraft(quietHours),
  };
}

/** Slack's time pickers have no 24:00. */
function toHoursDraft({ timeZone, businessDays, start, end }: QuietHours): HoursDraft {
  return { timeZone, days: businessDays, start, end: end === '24:00' ? '00:00' : end };
}

/** The rules that a draft stands for, or what is wrong with which field. */
export function toRules(
  draft: RulesDraft,
): { rules: Rules } | { errors: Partial<Record<RulesField, string>> } {
  const isShown = draft.eventTypes.includes('health_score_drop');
  const scoreDeltaMinimum = toPoints(draft.scoreDelta) ?? (isShown ? undefined : 0);
  const hours = draft.timing === 'always' ? undefined : toHours(draft.hours, draft.timing);
  const found = {
    ...(draft.eventTypes.length === 0 && { eventTypes: errors.eventTypes }),
    ...(scoreDeltaMinimum === undefined && { scoreDelta: errors.scoreDelta }),
    ...(hours !== undefined && 'errors' in hours && hours.errors),
  };
  if (Object.keys(found).length > 0 || scoreDeltaMinimum === undefined) return { errors: found };
  return {
    rules: {
      eventTypes: eventTypes.filter((type) => draft.eventTypes.includes(type)),
      riskThreshold: draft.riskThreshold,
      scoreDeltaMinimum,
      quietHours: hours !== undefined && 'hours' in hours ? hours.hours : 'off',
    },
  };
}

function toPoints(typed: string): number | undefined {
  const points = Number(typed.trim().replace(',', '.'));
  return typed.trim() !== '' && points >= 0 && points <= 100 ? points : undefined;
}

function toHours(
  { timeZone, days, start, end }: HoursDraft,
  after: QuietHours['after'],
): { hours: QuietHours } | { errors: Partial<Record<RulesField, string>> } {
  const lasts = end === '00:00' ? '24:00' : end;
  const parsed = quietHoursSchema.safeParse({ timeZone, businessDays: days, start, end: lasts, after });
  if (parsed.success) return { hours: parsed.data };
  const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]));
  return {
    errors: {
      ...(wrong.has('timeZone') && { timeZone: errors.timeZone }),
      ...(wrong.has('businessDays') && { days: errors.days }),
      ...(wrong.has('start') && { start: errors.start }),
      ...(wrong.has('end') && { end: end === null ? errors.end : errors.sameTimes }),
    },
  };
}

/** Narrow what Slack sends back: the options were ours, but the payload is only JSON. */
export const known = {
  eventType: (value: string): value is EventType => (eventTypes as readonly string[]).includes(value),
  riskLevel: (value: string): value is RiskLevel => (riskLevels as readonly string[]).includes(value),
  weekday: (value: string): value is Weekday => (weekdays as readonly string[]).includes(value),
  timing: (value: string): value is Timing => (timings as readonly string[]).includes(value),
};
