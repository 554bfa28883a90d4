/** Seconds to wait before the next request, if any. */
export type Pace = (key: string) => number | undefined;

/**
 * A token bucket per key: one message a second, with `burst` at once
 * (https://docs.slack.dev/apis/web-api/rate-limits).
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
