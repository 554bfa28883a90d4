/** One request more than the pace allows waits this long, in seconds, or undefined where there is room. */
export type Pace = (key: string) => number | undefined;

/**
 * A token bucket per key: one message a second, with room for `burst` at once
 * (https://docs.slack.dev/apis/web-api/rate-limits: "1 per second", "short bursts >1 allowed"). With `burst` 1 it is
 * strict: two messages are never less than a second apart.
 *
 * @param clock milliseconds; may be turned by a test
 */
export function createPace(clock: () => number, burst: number): Pace {
  const second = 1000;
  const buckets = new Map<string, { credit: number; at: number }>();
  return (key) => {
    const now = clock();
    const bucket = buckets.get(key) ?? { credit: burst * second, at: now };
    bucket.credit = Math.min(burst * second, bucket.credit + Math.max(0, now - bucket.at));
    bucket.at = now;
    buckets.set(key, bucket);
    if (bucket.credit < second) return Math.ceil((second - bucket.credit) / second);
    bucket.credit -= second;
    return undefined;
  };
}
