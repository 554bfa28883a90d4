import { IANAZone } from 'luxon';
import { dayMs, minuteMs } from '../lib/time.ts';

/** A stretch of time during which a zone keeps one offset from UTC: instants and offset in ms, without `until`. */
type Span = { from: number; until: number; offset: number };

/** A time of day, `HH:mm` from `00:00` to `24:00`, in ms since midnight. */
export function timeOfDay(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * minuteMs;
}

/** What the clock on the wall shows at an instant, as the ms since 1970 that UTC's clock has when it shows the same. */
export function wallTimeAt(timeZone: string, instant: number): number {
  const spans = spansAround(timeZone, instant);
  return instant + (spans.find(({ until }) => instant < until)?.offset ?? Number.NaN);
}

/**
 * The first instant (ms since 1970) at which the clock on the wall shows a time, or a later one. So a time that comes
 * twice is its first coming, and a time that is left out is the instant at which the clock jumps over it.
 *
 * @param wallTime as `wallTimeAt` gives it
 */
export function firstInstantAt(timeZone: string, wallTime: number): number {
  for (const { from, until, offset } of spansAround(timeZone, wallTime)) {
    const instant = Math.max(from, wallTime - offset);
    if (instant < until) return instant;
  }
  return Number.NaN;
}

/** How far ahead the offsets of a zone are read when they are read: reading is slow, and `now` moves on. */
const ahead = 40 * dayMs;
/** More than the greatest distance between a wall time and its instant, which is some 16 hours. */
const margin = dayMs;

/** For each zone the offsets that were read last: not more entries than there are zones. */
const known = new Map<string, Span[]>();

/** The spans from a day before an instant, or earlier, until a day after it, or later; an instant or a wall time. */
function spansAround(timeZone: string, time: number): Span[] {
  const spans = known.get(timeZone);
  const from = spans?.[0]?.from ?? Number.POSITIVE_INFINITY;
  const until = spans?.at(-1)?.until ?? Number.NEGATIVE_INFINITY;
  if (spans !== undefined && from <= time - margin && time + margin <= until) return spans;
  const fresh = readSpans(IANAZone.create(timeZone), time - margin, time + ahead);
  known.set(timeZone, fresh);
  return fresh;
}

/** Looks at a zone's offset once a day: no zone has ever changed twice within a day. */
function readSpans(zone: IANAZone, from: number, until: number): Span[] {
  const offsetAt = (instant: number) => Math.round(zone.offset(instant) * minuteMs);
  const spans: Span[] = [];
  let current: Span = { from, until: from, offset: offsetAt(from) };
  while (current.until < until) {
    const next = current.until + dayMs;
    const offset = offsetAt(next);
    if (offset !== current.offset) {
      const change = firstBetween(current.until, next, (instant) => offsetAt(instant) === offset);
      spans.push({ ...current, until: change });
      current = { from: change, until: next, offset };
    }
    current.until = next;
  }
  return [...spans, current];
}

/** The first whole number above `low` that has a property, which `high` has, and which stays once it is there. */
function firstBetween(low: number, high: number, has: (value: number) => boolean): number {
  let [without, withIt] = [low, high];
  while (withIt - without > 1) {
    const middle = Math.floor((without + withIt) / 2);
    if (has(middle)) withIt = middle;
    else without = middle;
  }
  return withIt;
}
