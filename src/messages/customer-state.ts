import type { PerlyEvent } from '../domain/event.ts';
import { shownChange, shownPoints } from '../domain/points.ts';
import type { EventType, RiskLevel } from '../domain/vocabulary.ts';
import { toMillis } from './block-kit/time.ts';

/**
 * The customers of these events: by risk level as it is now, then by the score that they lost, then the most recent
 * first, then as they arrived.
 *
 * @param events in order of arrival, all of one account
 * @param arrivals when they came
 */
export function worstFirst(events: readonly PerlyEvent[], arrivals?: Arrivals): CustomerState[] {
  const byCustomer = new Map<string, [PerlyEvent, ...PerlyEvent[]]>();
  for (const event of events) {
    const others = byCustomer.get(event.customer.id);
    if (others === undefined) byCustomer.set(event.customer.id, [event]);
    else others.push(event);
  }
  return [...byCustomer.values()]
    .map((alerts) => toCustomerState(alerts, arrivals))
    .sort(
      (a, b) =>
        severity(b.riskLevel) - severity(a.riskLevel) ||
        (a.score?.change ?? 0) - (b.score?.change ?? 0) ||
        orderingTime(b.latest, arrivals) - orderingTime(a.latest, arrivals),
    );
}

/** When events came, by their ids. */
export type Arrivals = ReadonlyMap<string, Date>;

/** When an event happened, as far as order goes: one that claims to be in the future happened when it came. */
function orderingTime({ id, occurred_at }: PerlyEvent, arrivals?: Arrivals): number {
  const arrived = arrivals?.get(id)?.getTime() ?? Number.POSITIVE_INFINITY;
  return Math.min(toMillis(occurred_at), arrived);
}

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
function severity(level: RiskLevel | undefined): number {
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
