export type PendingWork = {
  /** Returns the work itself: the caller still handles its errors. */
  track<T>(work: Promise<T>): Promise<T>;
  settled(): Promise<void>;
};

export function createPendingWork(): PendingWork {
  const all = new Set<Promise<unknown>>();
  return {
    track(work) {
      all.add(work);
      const forget = () => all.delete(work);
      work.then(forget, forget);
      return work;
    },
    async settled() {
      await Promise.allSettled(all);
    },
  };
}
