/** How many runs may be under way at once, and how much one of them may take on. */
type Bounds<T> = {
  width?: number;
  most?: number;
  /** How much of `most` an item is: 1 unless told otherwise. */
  sizeOf?: (item: T) => number;
};

/**
 * Makes few runs of many calls. Calls of the same turn of the event loop go into one run, and those that come while
 * `width` runs are under way into the next: alone, a call goes at once, and the more there are, the less each costs.
 * A run that fails fails for all that are in it.
 *
 * @param run gives one result for each item, in the same order
 */
export function gather<T, R>(
  run: (items: readonly T[]) => Promise<readonly R[]>,
  { width = 4, most = 500, sizeOf = () => 1 }: Bounds<T> = {},
): (item: T) => Promise<R> {
  type Call = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void };
  let waiting: Call[] = [];
  let underWay = 0;
  let isPlanned = false;

  function plan(): void {
    if (isPlanned || waiting.length === 0 || underWay >= width) return;
    isPlanned = true;
    setImmediate(() => {
      isPlanned = false;
      void start(takeSome());
    });
  }

  /** As many as one run may take on; one at least. */
  function takeSome(): Call[] {
    let end = 0;
    let size = 0;
    for (const { item } of waiting) {
      size += sizeOf(item);
      if (end > 0 && size > most) break;
      end += 1;
    }
    const taken = waiting.slice(0, end);
    waiting = waiting.slice(end);
    return taken;
  }

  async function start(calls: readonly Call[]): Promise<void> {
    underWay += 1;
    plan();
    try {
      const results = await run(calls.map(({ item }) => item));
      for (const [index, { resolve }] of calls.entries()) resolve(results[index] as R);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    } finally {
      underWay -= 1;
      plan();
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      plan();
    });
}
