import { adaptiveLinger } from './adaptive-linger.ts';

/** How many runs may be under way at once, and how much one of them may take on. */
type BatcherOptions<T> = {
  concurrency?: number;
  maxBatchSize?: number;
  /** How much of `maxBatchSize` an item is: 1 unless told otherwise. */
  sizeOf?: (item: T) => number;
  /** Whether an error would fail the waiting calls as well, which then reject at once. */
  rejectsAll?: (error: unknown) => boolean;
  /** Whether an error may be the fault of one item: then each item of the run is tried once more, alone. */
  isolates?: (error: unknown) => boolean;
  /** How long after the beginning of a run that had several calls the next one begins, at least. Milliseconds. */
  lingerMs?: () => number;
};

/** Stands for the result of an item that failed while the others of its run did not. */
export class FailedItem {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** The result of `work` for one item of a run, or its failure. */
export function tryItem<R>(work: () => R): R | FailedItem {
  try {
    return work();
  } catch (error) {
    return new FailedItem(error);
  }
}

/**
 * Makes few runs of many calls. Calls of the same turn of the event loop go into one run, and those that come while
 * `concurrency` runs are under way into the next: alone, a call goes at once, and the more there are, the less each costs. In
 * a rush, while the process is busy, runs are some time apart, so that more calls share one.
 * A run that fails fails for all that are in it, unless `isolates` says otherwise; an item fails alone with a
 * `FailedItem` as its result.
 *
 * @param run gives one result for each item, in the same order
 */
export function createBatcher<T, R>(
  run: (items: readonly T[]) => Promise<readonly (R | FailedItem)[]>,
  {
    concurrency = 4,
    maxBatchSize = 500,
    sizeOf = () => 1,
    rejectsAll = () => false,
    isolates = () => false,
    lingerMs = adaptiveLinger,
  }: BatcherOptions<T> = {},
): (item: T) => Promise<R> {
  type Call = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void };
  let waiting: Call[] = [];
  let running = 0;
  let isScheduled = false;
  /** Before which no run begins, by the process's own clock. */
  let lingersUntil = 0;

  function schedule(): void {
    if (isScheduled || waiting.length === 0 || running >= concurrency) return;
    isScheduled = true;
    const left = lingersUntil - performance.now();
    if (left < 1) setImmediate(runNext);
    else setTimeout(runNext, left);
  }

  function runNext(): void {
    isScheduled = false;
    if (waiting.length === 0) return;
    const calls = takeBatch();
    // What is left behind is a run's worth already, and waits for nothing.
    lingersUntil = calls.length > 1 && waiting.length === 0 ? performance.now() + lingerMs() : 0;
    void start(calls);
  }

  /** As many as one run may take on; one at least. */
  function takeBatch(): Call[] {
    let end = 0;
    let size = 0;
    for (const { item } of waiting) {
      size += sizeOf(item);
      if (end > 0 && size > maxBatchSize) break;
      end += 1;
    }
    const taken = waiting.slice(0, end);
    waiting = waiting.slice(end);
    return taken;
  }

  async function start(calls: readonly Call[]): Promise<void> {
    running += 1;
    schedule();
    try {
      const results = await run(calls.map(({ item }) => item));
      for (const [index, { resolve, reject }] of calls.entries()) {
        const result = results[index];
        if (result instanceof FailedItem) reject(result.error);
        else resolve(result as R);
      }
    } catch (error) {
      if (calls.length > 1 && isolates(error)) {
        for (const call of calls) await start([call]);
        return;
      }
      for (const { reject } of calls) reject(error);
      if (rejectsAll(error)) for (const { reject } of waiting.splice(0)) reject(error);
    } finally {
      running -= 1;
      schedule();
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
}
