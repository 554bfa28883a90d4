/** Runs work one at a time per key, and only for the latest of the waiting values. */
export type CoalescingQueue<T> = {
  /** Resolves when this value, or a later one, has been processed; never rejects. */
  submit(key: string, value: T): Promise<void>;
  idle(): Promise<void>;
};

/** @param choose which of two waiting values to keep; the later one by default */
export function createCoalescingQueue<T>(
  work: (value: T) => Promise<void>,
  onError: (error: unknown) => void,
  choose: (waiting: T, later: T) => T = (_, later) => later,
): CoalescingQueue<T> {
  const queues = new Map<string, { waiting: T | undefined; done: Promise<void> }>();

  async function serve(key: string, first: T): Promise<void> {
    let next: T | undefined = first;
    while (next !== undefined) {
      await work(next).catch(onError);
      const queue = queues.get(key);
      next = queue?.waiting;
      if (queue !== undefined) queue.waiting = undefined;
    }
    queues.delete(key);
  }

  return {
    async submit(key, value) {
      const queue = queues.get(key);
      if (queue !== undefined) {
        queue.waiting = queue.waiting === undefined ? value : choose(queue.waiting, value);
        return queue.done;
      }
      const fresh: { waiting: T | undefined; done: Promise<void> } = {
        waiting: undefined,
        done: Promise.resolve(),
      };
      queues.set(key, fresh);
      fresh.done = serve(key, value);
      return fresh.done;
    },
    async idle() {
      while (queues.size > 0) await Promise.all([...queues.values()].map(({ done }) => done));
    },
  };
}
