import { dayMs, hourMs } from '../lib/time.ts';
import type { RepeatAfter } from './rules.ts';
import { type RiskLevel, riskLevels } from './vocabulary.ts';

type Limiting = Exclude<RepeatAfter, 'at_once'>;

const repeatMs: Readonly<Record<Limiting, number>> = {
  '1_hour': hourMs,
  '6_hours': 6 * hourMs,
  '1_day': dayMs,
  '7_days': 7 * dayMs,
};

export const repeatNames: Readonly<Record<Limiting, string>> = {
  '1_hour': '1 hour',
  '6_hours': '6 hours',
  '1_day': '1 day',
  '7_days': '7 days',
};

/** Maximum count: "100+" is enough. */
export const maxNotRepeated = 100;

/** `at` is when the alert was sent, or else held. */
export type RecentAlert = { level: RiskLevel | undefined; at: Date };

export function limitsRepeats(after: RepeatAfter): after is Limiting {
  return after !== undefined && after !== 'at_once';
}

/** Returns milliseconds; 0 if alerts are repeated at once. */
export function repeatWindow(after: RepeatAfter): number {
  return limitsRepeats(after) ? repeatMs[after] : 0;
}

/**
 * True if a recent alert has at least its level; no level is below all others. An alert dated into the future by
 * a wrong clock counts as if it were as far in the past.
 */
export function isRepeat(
  level: RiskLevel | undefined,
  recent: readonly RecentAlert[],
  after: RepeatAfter,
  now: Date,
): boolean {
  const window = repeatWindow(after);
  return recent.some(
    (alert) => rankOf(level) <= rankOf(alert.level) && Math.abs(now.getTime() - alert.at.getTime()) < window,
  );
}

function rankOf(level: RiskLevel | undefined): number {
  return level === undefined ? -1 : riskLevels.indexOf(level);
}
