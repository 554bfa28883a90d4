/** @param key whose share of the limit the work uses */
export type FairLimit = <T>(key: string, work: () => T | Promise<T>) => Promise<T>;

/**
 * A key gets another slot only while it has fewer than are free: one key alone can use half of them, two a third
 * each. This is the dynamic threshold by which switches share memory (Choudhury and Hahne, 1998).
 */
export function createFairLimit(max: number): FairLimit {
  const running = new Map<string, number>();
  /** The waiting work by key; the key whose turn is next comes first. */
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
