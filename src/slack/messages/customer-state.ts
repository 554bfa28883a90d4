import type { PerlyEvent } from '../../perly/event.ts';
import { shownChange, shownPoints } from '../../rules/points.ts';
import type { EventType, RiskLevel } from '../../rules/vocabulary.ts';
import { type Arrivals, orderingTime } from './ordering-time.ts';

/** How bad a risk level is; 0 is none at all. */
const severities: Record<RiskLevel, number> = { low: 1, medium: 2, high: 3, critical: 4 };

/** What several alerts on one customer come to. */
export interface CustomerState {
  /** The alerts themselves, the latest first. */
  alerts: readonly PerlyEvent[];
  latest: PerlyEvent;
  /** The latest that is known. */
  riskLevel: RiskLevel | undefined;
  /** A worse level that was reached on the way. */
  worseLevel: RiskLevel | undefined;
  /** The latest score that is known, with the whole change up to it; both as they are shown, to one decimal. */
  score: { current: number; change: number } | undefined;
  /** How often each type fired, the most frequent first. */
  fired: readonly { type: EventType; times: number }[];
}

/**
 * Sums up one customer's alerts. What happened last counts as the latest, also when it arrived out of turn.
 *
 * @param events in order of arrival, the oldest first, at least `first`
 * @param arrivals when they came
 */
export function toCustomerState(
  [first, ...others]: readonly [PerlyEvent, ...PerlyEvent[]],
  arrivals?: Arrivals,
): CustomerState {
  // Of two at the same instant the one that arrived last is the latest: reversed, as the sort is stable.
  const alerts = [first, ...others]
    .reverse()
    .sort((a, b) => orderingTime(b, arrivals) - orderingTime(a, arrivals));
  const levels = alerts.flatMap(({ risk_level }) => risk_level ?? []);
  const [riskLevel] = levels;
  const [worst] = levels.toSorted((a, b) => severity(b) - severity(a));
  return {
    alerts,
    latest: alerts[0] ?? first,
    riskLevel,
    worseLevel: worst === riskLevel ? undefined : worst,
    score: wholeScore(alerts),
    fired: countTypes(alerts),
  };
}

/** How bad a risk level is, from 4 for critical down to 0 for none. */
export function severity(level: RiskLevel | undefined): number {
  return level === undefined ? 0 : severities[level];
}

/**
 * From what the score was before the first alert to what it is after the last. That is more than the sum of the
 * changes where alerts in between were kept back by the channel's rules, or where one of the two told no score.
 */
function wholeScore(alerts: readonly PerlyEvent[]): CustomerState['score'] {
  const scores = alerts.flatMap(({ health_score }) => health_score ?? []);
  const last = scores[0];
  const first = scores.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const change = first === last ? first.change : withoutNoise(last.current - first.current + first.change);
  return { current: shownPoints(last.current), change: shownChange(change) };
}

/** What is left of a sum of decimals that should be zero is zero. */
function withoutNoise(points: number): number {
  return Math.abs(points) < 1e-9 ? 0 : points;
}

function countTypes(alerts: readonly PerlyEvent[]): CustomerState['fired'] {
  const times = new Map<EventType, number>();
  for (const { type } of alerts) times.set(type, (times.get(type) ?? 0) + 1);
  return [...times].map(([type, count]) => ({ type, times: count })).sort((a, b) => b.times - a.times);
}
