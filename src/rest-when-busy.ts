import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** Share of the time in which the event loop works: up to the first nobody rests, from the second on for longest. */
const calm = 0.6;
const full = 0.9;

/** Milliseconds. */
const longestRestMs = 50;

/** Over how long the event loop is watched for each answer, at least. Milliseconds. */
const watchMs = 50;

/**
 * How long what can wait for company may rest: not at all while the event loop has time, and the longer the busier it
 * is, so that in a rush fewer runs do the same work. It balances itself: what is saved is time that the loop has again.
 *
 * @param utilization Node's `performance.eventLoopUtilization`
 * @param now milliseconds since some instant
 * @returns milliseconds, 0–50
 */
export function createRestWhenBusy(
  utilization: typeof performance.eventLoopUtilization,
  now: () => number,
): () => number {
  let seen: EventLoopUtilization = utilization();
  let seenAt = now();
  let restMs = 0;
  return () => {
    const at = now();
    if (at - seenAt < watchMs) return restMs;
    const current = utilization();
    const share = utilization(current, seen).utilization;
    seen = current;
    seenAt = at;
    restMs = longestRestMs * Math.min(1, Math.max(0, (share - calm) / (full - calm)));
    return restMs;
  };
}

/** By the event loop of this process. */
export const restWhenBusy = createRestWhenBusy(performance.eventLoopUtilization, () => performance.now());
