/** Runs `work` as soon as there is room for it. @param key whose work it is */
export type FairLimit = <T>(key: string, work: () => T | Promise<T>) => Promise<T>;

/**
 * Bounds how much work runs at once, and shares the places between keys. A key gets another place only while it has
 * fewer than are free: one alone has half of them, two have a third each, and some are left for whoever comes next,
 * however long the work of the others takes. Keys that wait take turns; the work of one key starts in its order.
 *
 * This is the dynamic threshold by which switches share their memory (Choudhury and Hahne, 1998). `p-limit` and
 * `p-queue` know no keys; a fixed maximum per key, as with Bottleneck's groups, is used up by a few keys together.
 *
 * @param max how much work may run at once
 */
export function createFairLimit(max: number): FairLimit {
  const running = new Map<string, number>();
  /** What waits, by key: the key whose turn is next comes first. */
  const waiting = new Map<string, (() => Promise<void>)[]>();
  let free = max;

  function startWaiting(): void {
    for (const [key, queue] of waiting) {
      if (free === 0) return;
      const own = running.get(key) ?? 0;
      if (own >= free) continue;
      const next = queue.shift();
      waiting.delete(key);
      if (queue.length > 0) waiting.set(key, queue);
      running.set(key, own + 1);
      free -= 1;
      void next?.().finally(() => release(key));
    }
  }

  function release(key: string): void {
    const own = (running.get(key) ?? 1) - 1;
    if (own === 0) running.delete(key);
    else running.set(key, own);
    free += 1;
    startWaiting();
  }

  return (key, work) =>
    new Promise((resolve, reject) => {
      const run = async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      };
      const queue = waiting.get(key);
      if (queue === undefined) waiting.set(key, [run]);
      else queue.push(run);
      startWaiting();
    });
}
