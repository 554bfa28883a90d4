/** Memory of one request's body that is being read. */
export type BodyAllocation = {
  /** Says how many bytes it takes from now on. Others may be evicted for it, or itself. */
  resize(bytes: number): void;
  release(): void;
};

type Entry = { bytes: number; evict: () => void };

/** The bodies of one address, in the order of their age. */
type Holder = { bytes: number; entries: Map<BodyAllocation, Entry> };

/**
 * The memory that all bodies that are being read may take together. Beyond it, the address that holds the most of it loses
 * its oldest bodies: whoever sends many large ones evicts its own, and not those of others. A body of an honest sender is
 * there within milliseconds, so of one address the oldest are of whoever is slow on purpose.
 *
 * @param maxBytes of all bodies together
 */
export function createBodyBudget(maxBytes: number) {
  const holders = new Map<string, Holder>();
  let used = 0;

  function holderOf(address: string): Holder {
    const holder = holders.get(address) ?? { bytes: 0, entries: new Map() };
    holders.set(address, holder);
    return holder;
  }

  function add(holder: Holder, bytes: number): void {
    holder.bytes += bytes;
    used += bytes;
  }

  function release(address: string, allocation: BodyAllocation): void {
    const holder = holders.get(address);
    const entry = holder?.entries.get(allocation);
    if (holder === undefined || entry === undefined) return;
    add(holder, -entry.bytes);
    holder.entries.delete(allocation);
    if (holder.entries.size === 0) holders.delete(address);
  }

  function evictBeyondBudget(): void {
    while (used > maxBytes) {
      const [address, { entries }] = [...holders].reduce((most, each) =>
        each[1].bytes > most[1].bytes ? each : most,
      );
      const oldest = [...entries].find(([, { bytes }]) => bytes > 0);
      if (oldest === undefined) return;
      release(address, oldest[0]);
      oldest[1].evict();
    }
  }

  return {
    /**
     * @param address whose body it is
     * @param evict called when the memory is taken away, and has to be let go of
     */
    open(address: string, evict: () => void): BodyAllocation {
      const holder = holderOf(address);
      const entry: Entry = { bytes: 0, evict };
      const allocation: BodyAllocation = {
        resize(bytes) {
          if (!holder.entries.has(allocation)) return;
          add(holder, bytes - entry.bytes);
          entry.bytes = bytes;
          evictBeyondBudget();
        },
        release: () => release(address, allocation),
      };
      holder.entries.set(allocation, entry);
      return allocation;
    },
    used: () => used,
  };
}

export type BodyBudget = ReturnType<typeof createBodyBudget>;
