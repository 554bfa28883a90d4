import { type EventLoopUtilization, performance } from 'node:perf_hooks';

const lowUtilization = 0.6;
const highUtilization = 0.9;

const maxLingerMs = 50;

const sampleMs = 50;

/**
 * The delay is 0 while the event loop is idle, up to 50 ms when it is saturated: larger batches take less time.
 * @param utilization Node's `performance.eventLoopUtilization`
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
