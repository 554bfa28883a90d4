import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** Share of the time in which the event loop works: up to the first nobody rests, from the second on for longest. */
const lowUtilization = 0.6;
const highUtilization = 0.9;

/** Milliseconds. */
const maxLingerMs = 50;

/** Over how long the event loop is watched for each answer, at least. Milliseconds. */
const sampleMs = 50;

/**
 * How long what can wait for company may rest: not at all while the event loop has time, and the longer the busier it
 * is, so that in a rush fewer runs do the same work. It balances itself: what is saved is time that the loop has again.
 *
 * @param utilization Node's `performance.eventLoopUtilization`
 * @param now milliseconds since some instant
 * @returns milliseconds, 0–50
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

/** By the event loop of this process. */
export const adaptiveLinger = createAdaptiveLinger(performance.eventLoopUtilization, () => performance.now());
