import { adaptiveLinger } from './adaptive-linger.ts';

type BatcherOptions<T> = {
  concurrency?: number;
  maxBatchSize?: number;
  sizeOf?: (item: T) => number;
  /** True if the error would fail the waiting calls too: they then reject at once. */
  rejectsAll?: (error: unknown) => boolean;
  /** True if one item may have caused the error: then each item is retried alone. */
  isolates?: (error: unknown) => boolean;
  /** Minimum time from the start of a run with several calls to the next run. */
  lingerMs?: () => number;
};

export class FailedItem {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

export function tryItem<R>(work: () => R): R | FailedItem {
  try {
    return work();
  } catch (error) {
    return new FailedItem(error);
  }
}

/**
 * Calls of one turn of the event loop share a run, as do those that arrive while `concurrency` runs are in progress.
 * A single item fails by returning a `FailedItem`.
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
    // A backlog is already a full batch, and does not wait.
    lingersUntil = calls.length > 1 && waiting.length === 0 ? performance.now() + lingerMs() : 0;
    void start(calls);
  }

  function takeBatch(): Call[] {
    let end = 0;
    let size = 0;
    for (const { item } of waiting) {
      size += sizeOf(item);
      if (end > 0 && size > maxBatchSize) break;
      end += 1;
    }
    const batch = waiting.slice(0, end);
    waiting = waiting.slice(end);
    return batch;
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
