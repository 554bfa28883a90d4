import { IANAZone } from 'luxon';
import { dayMs, minuteMs } from '../lib/time.ts';

/** Instants and offset are in milliseconds; `until` is exclusive. */
type Span = { from: number; until: number; offset: number };

/** Converts `HH:mm`, from `00:00` to `24:00`, to milliseconds since midnight. */
export function timeOfDay(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * minuteMs;
}

/** Returns the milliseconds since 1970 at which a UTC clock shows the same time. */
export function wallTimeAt(timeZone: string, instant: number): number {
  const spans = spansAround(timeZone, instant);
  return instant + (spans.find(({ until }) => instant < until)?.offset ?? Number.NaN);
}

/** Returns the first instant of a time that occurs twice, and the instant of the jump for a skipped time. */
export function firstInstantAt(timeZone: string, wallTime: number): number {
  for (const { from, until, offset } of spansAround(timeZone, wallTime)) {
    const instant = Math.max(from, wallTime - offset);
    if (instant < until) return instant;
  }
  return Number.NaN;
}

/** Time for which offsets are read ahead: reading is slow, and `now` advances. */
const ahead = 40 * dayMs;
/** Margin, since a wall time and its instant differ by up to about 16 hours. */
const margin = dayMs;

const known = new Map<string, Span[]>();

function spansAround(timeZone: string, time: number): Span[] {
  const spans = known.get(timeZone);
  const from = spans?.[0]?.from ?? Number.POSITIVE_INFINITY;
  const until = spans?.at(-1)?.until ?? Number.NEGATIVE_INFINITY;
  if (spans !== undefined && from <= time - margin && time + margin <= until) return spans;
  const fresh = readSpans(IANAZone.create(timeZone), time - margin, time + ahead);
  known.set(timeZone, fresh);
  return fresh;
}

/** Reads the offset once a day, because no zone has ever changed twice within a day. */
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

/** Returns the first integer above `low` for which `has` holds; it must hold for `high`, and stay true. */
function firstBetween(low: number, high: number, has: (value: number) => boolean): number {
  let [without, withIt] = [low, high];
  while (withIt - without > 1) {
    const middle = Math.floor((without + withIt) / 2);
    if (has(middle)) withIt = middle;
    else without = middle;
  }
  return withIt;
}
