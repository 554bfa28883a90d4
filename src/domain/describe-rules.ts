import { describeWeek } from './describe-week.ts';
import { isReminding, remindNames } from './reminder.ts';
import { limitsRepeats, repeatNames } from './repeats.ts';
import type { Rules } from './rules.ts';
import type { Timing } from './timing.ts';
import { type EventType, eventTypeNames, eventTypes, type RiskLevel } from './vocabulary.ts';

const thresholdNames: Readonly<Record<RiskLevel, string>> = {
  low: 'all levels',
  medium: 'medium and above',
  high: 'high and critical',
  critical: 'critical only',
};

/** `Customer at risk · high and critical · quiet outside Mon–Fri 09:00–17:00, Berlin` */
export function describeRules(
  { eventTypes: types, riskThreshold, scoreDeltaMinimum, owners, repeatAfter, timing, remindAfter }: Rules,
  now?: Date,
): string {
  const parts = [describeTypes(types), thresholdNames[riskThreshold]];
  if (scoreDeltaMinimum > 0 && types.includes('health_score_drop'))
    parts.push(`drops of ${scoreDeltaMinimum} points or more`);
  if (owners !== 'anyone')
    parts.push(`customers of ${owners.length === 1 ? 'one owner' : `${owners.length} owners`}`);
  if (limitsRepeats(repeatAfter)) parts.push(`repeats only after ${repeatNames[repeatAfter]}`);
  if (timing !== 'at_once') parts.push(describeTiming(timing, now));
  if (isReminding(remindAfter)) parts.push(`critical alerts again after ${remindNames[remindAfter]}`);
  return parts.join(' · ');
}

function describeTiming(timing: Exclude<Timing, 'at_once'>, now: Date | undefined): string {
  if (timing.kind === 'daily_digest') return `one digest a day, ${describeWeek(timing, 'starts', now)}`;
  const discards = timing.outside === 'discard' ? ', nothing kept' : '';
  return `quiet outside ${describeWeek(timing, 'hours', now)}${discards}`;
}

function describeTypes(types: readonly EventType[]): string {
  if (types.length === eventTypes.length) return 'All events';
  const names = eventTypes.filter((type) => types.includes(type)).map((type) => eventTypeNames[type]);
  return names.map((name, index) => (index === 0 ? name : name.toLowerCase())).join(', ');
}
