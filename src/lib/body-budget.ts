/** Memory of one request's body that is being read. */
export type BodyAllocation = {
  /** Says how many bytes it takes from now on. Others may be evicted for it, or itself, when it is the oldest. */
  resize(bytes: number): void;
  release(): void;
};

/**
 * The memory that all bodies that are being read may take together. Beyond it the oldest ones are evicted: a body of an
 * honest sender is there within milliseconds, so the oldest are of whoever is slow on purpose, and a new one, however
 * small, never waits for them.
 *
 * @param maxBytes of all bodies together
 */
export function createBodyBudget(maxBytes: number) {
  /** In the order of their age. */
  const open = new Map<BodyAllocation, { bytes: number; evict: () => void }>();
  let used = 0;

  function release(allocation: BodyAllocation): void {
    used -= open.get(allocation)?.bytes ?? 0;
    open.delete(allocation);
  }

  function evictOldest(): void {
    for (const [allocation, { bytes, evict }] of open) {
      if (used <= maxBytes) return;
      if (bytes === 0) continue;
      release(allocation);
      evict();
    }
  }

  return {
    /** @param evict called when the memory is taken away, and has to be let go of */
    open(evict: () => void): BodyAllocation {
      const entry = { bytes: 0, evict };
      const allocation: BodyAllocation = {
        resize(bytes) {
          if (!open.has(allocation)) return;
          used += bytes - entry.bytes;
          entry.bytes = bytes;
          evictOldest();
        },
        release: () => release(allocation),
      };
      open.set(allocation, entry);
      return allocation;
    },
    used: () => used,
  };
}

export type BodyBudget = ReturnType<typeof createBodyBudget>;
