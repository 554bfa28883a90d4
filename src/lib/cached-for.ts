/**
 * The same work for all who ask for it within `ms` milliseconds: however often an address is asked, what stands behind
 * it is asked at most so often. A failure is remembered as well.
 */
export function cachedFor<T>(ms: number, work: () => Promise<T>): () => Promise<T> {
  let latest: { at: number; result: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (latest === undefined || now - latest.at > ms) latest = { at: now, result: work() };
    return latest.result;
  };
}
