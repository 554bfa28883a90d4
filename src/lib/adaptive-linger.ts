import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** Shares of time in which the event loop is busy: no delay up to the first, the maximum from the second. */
const lowUtilization = 0.6;
const highUtilization = 0.9;

/** Milliseconds. */
const maxLingerMs = 50;

/** Minimum time over which utilization is measured. Milliseconds. */
const sampleMs = 50;

/**
 * Delay before the next batch: 0 while the event loop is idle, up to 50 ms when it is saturated.
 * Self-balancing: larger batches take less time, which lowers the utilization.
 * @param utilization Node's `performance.eventLoopUtilization`
 * @param now milliseconds since some instant
 */
export function createAdaptiveLinger(
  utilization: typeof performance.eventLoopUtilization,
  now: () => number,
): () => number {
  let seen: EventLoopUtilization = utilization();
  let seenAt = now();
  let lingerMs = 0;
  return () => {
    const at = now();
    if (at - seenAt < sampleMs) return lingerMs;
    const current = utilization();
    const share = utilization(current, seen).utilization;
    seen = current;
    seenAt = at;
    lingerMs =
      maxLingerMs * Math.min(1, Math.max(0, (share - lowUtilization) / (highUtilization - lowUtilization)));
    return lingerMs;
  };
}

export const adaptiveLinger = createAdaptiveLinger(performance.eventLoopUtilization, () => performance.now());
