/** Runs work for keys: one at a time for a key, and of what waits only the latest. */
export type CoalescingQueue<T> = {
  /** Settles when this value, or a later one of the same key in its place, has been worked on; never rejects. */
  submit(key: string, value: T): Promise<void>;
  /** Settles when nothing runs or waits. */
  idle(): Promise<void>;
};

/**
 * What is shown has to be the latest: a view that was read earlier must not be published after a later one, and ten
 * changes in a second need not be shown one by one.
 *
 * @param work what it throws goes to `onError`
 * @param choose which of two counts, where it is not simply the later one
 */
export function createCoalescingQueue<T>(
  work: (value: T) => Promise<void>,
  onError: (error: unknown) => void,
  choose: (waiting: T, later: T) => T = (_, later) => later,
): CoalescingQueue<T> {
  const lanes = new Map<string, { waiting: T | undefined; done: Promise<void> }>();

  async function serve(key: string, first: T): Promise<void> {
    let next: T | undefined = first;
    while (next !== undefined) {
      await work(next).catch(onError);
      const lane = lanes.get(key);
      next = lane?.waiting;
      if (lane !== undefined) lane.waiting = undefined;
    }
    lanes.delete(key);
  }

  return {
    async submit(key, value) {
      const lane = lanes.get(key);
      if (lane !== undefined) {
        lane.waiting = lane.waiting === undefined ? value : choose(lane.waiting, value);
        return lane.done;
      }
      const fresh: { waiting: T | undefined; done: Promise<void> } = {
        waiting: undefined,
        done: Promise.resolve(),
      };
      lanes.set(key, fresh);
      fresh.done = serve(key, value);
      return fresh.done;
    },
    async idle() {
      while (lanes.size > 0) await Promise.all([...lanes.values()].map(({ done }) => done));
    },
  };
}
