/** @param size the share of the key's room that it uses */
export type KeyedLimit = <T>(key: string, size: number, work: () => Promise<T>) => Promise<T>;

type Waiting = { size: number; start: () => void; reject: (error: unknown) => void };

type Queue = { used: number; waiting: Waiting[] };

/** Excess work waits in its key's own queue, in order. Work above `maxPerKey` runs alone. */
export function createKeyedLimit(options: {
  maxPerKey: number;
  rejectsAll?: (error: unknown) => boolean;
}): KeyedLimit {
  const { maxPerKey, rejectsAll = () => false } = options;
  const queues = new Map<string, Queue>();

  function startNext(key: string, queue: Queue): void {
    for (let next = queue.waiting[0]; next !== undefined; next = queue.waiting[0]) {
      if (queue.used > 0 && queue.used + next.size > maxPerKey) return;
      queue.waiting.shift();
      queue.used += next.size;
      next.start();
    }
    if (queue.used === 0) queues.delete(key);
  }

  function rejectAll(error: unknown): void {
    for (const { waiting } of queues.values()) for (const { reject } of waiting.splice(0)) reject(error);
  }

  return (key, size, work) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(key) ?? { used: 0, waiting: [] };
      queues.set(key, queue);

      async function start(): Promise<void> {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
          if (rejectsAll(error)) rejectAll(error);
        } finally {
          queue.used -= size;
          startNext(key, queue);
        }
      }
      queue.waiting.push({ size, start: () => void start(), reject });
      startNext(key, queue);
    });
}
