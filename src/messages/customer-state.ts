import type { PerlyEvent } from '../domain/event.ts';
import { shownChange, shownPoints } from '../domain/points.ts';
import type { EventType, RiskLevel } from '../domain/vocabulary.ts';
import { minuteMs } from '../lib/time.ts';
import { toMillis } from './block-kit/time.ts';

/** Sorts by present risk level, then by lost score, then most recent first, then in order of arrival. */
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

export type Arrivals = ReadonlyMap<string, Date>;

/** Returns the arrival for an event that claims to be in the future. */
function orderingTime({ id, occurred_at }: PerlyEvent, arrivals?: Arrivals): number {
  const arrived = arrivals?.get(id)?.getTime() ?? Number.POSITIVE_INFINITY;
  return Math.min(toMillis(occurred_at), arrived);
}

const severities: Record<RiskLevel, number> = { low: 1, medium: 2, high: 3, critical: 4 };

export interface CustomerState {
  alerts: readonly PerlyEvent[];
  latest: PerlyEvent;
  riskLevel: RiskLevel | undefined;
  worseLevel: RiskLevel | undefined;
  /** The score with its total change, both rounded to the one decimal that is shown. */
  score: { current: number; change: number } | undefined;
  /** Most frequent first. */
  fired: readonly { type: EventType; times: number }[];
}

/** The latest by time of the event counts, even if it arrived out of order. */
export function toCustomerState(
  [first, ...others]: readonly [PerlyEvent, ...PerlyEvent[]],
  arrivals?: Arrivals,
): CustomerState {
  const alerts = latestFirst([first, ...others], arrivals);
  const levels = alerts.flatMap(({ risk_level }) => risk_level ?? []);
  const [riskLevel] = levels;
  const [worst] = levels.toSorted((a, b) => severity(b) - severity(a));
  return {
    alerts,
    latest: alerts[0] ?? first,
    riskLevel,
    worseLevel: worst === riskLevel ? undefined : worst,
    score: totalScore(alerts),
    fired: countTypes(alerts),
  };
}

/** Clocks differ by less, or events would not be accepted. */
const maxSkewMs = 5 * minuteMs;

/** The time of an event far in the future is unknown: it comes right after what had arrived before it. */
function latestFirst(events: readonly PerlyEvent[], arrivals?: Arrivals): PerlyEvent[] {
  let latest = Number.MIN_SAFE_INTEGER;
  const timed = events.map((event) => {
    const ordering = orderingTime(event, arrivals);
    const time = toMillis(event.occurred_at) - ordering > maxSkewMs ? latest : ordering;
    latest = Math.max(latest, time);
    return { event, time };
  });
  // Reversed, since the sort is stable: of two at the same instant, the one that arrived last is the latest.
  return timed
    .reverse()
    .sort((a, b) => b.time - a.time)
    .map(({ event }) => event);
}

function severity(level: RiskLevel | undefined): number {
  return level === undefined ? 0 : severities[level];
}

/** Compares the score before the first alert and after the last; some in between may have been suppressed. */
function totalScore(alerts: readonly PerlyEvent[]): CustomerState['score'] {
  const scores = alerts.flatMap(({ health_score }) => health_score ?? []);
  const last = scores[0];
  const first = scores.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const change = first === last ? first.change : withoutNoise(last.current - first.current + first.change);
  return { current: shownPoints(last.current), change: shownChange(change) };
}

function withoutNoise(points: number): number {
  return Math.abs(points) < 1e-9 ? 0 : points;
}

function countTypes(alerts: readonly PerlyEvent[]): CustomerState['fired'] {
  const times = new Map<EventType, number>();
  for (const { type } of alerts) times.set(type, (times.get(type) ?? 0) + 1);
  return [...times].map(([type, count]) => ({ type, times: count })).sort((a, b) => b.times - a.times);
}
