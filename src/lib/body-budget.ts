import { createMaxHeap } from './max-heap.ts';

/** Memory of one request's body that is being read. */
export type BodyAllocation = {
  /** Says how many bytes it takes from now on. Others may be evicted for it, or itself. */
  resize(bytes: number): void;
  release(): void;
};

type Body = { bytes: number; evict: () => void };

/** The bodies of one address that take memory, in the order in which they began to. */
type Holder = { bytes: number; bodies: Set<Body> };

/**
 * The memory that all bodies that are being read may take together. Beyond it, the address that holds the most of it loses
 * its oldest bodies: whoever sends many large ones evicts its own, and not those of others. A body of an honest sender is
 * there within milliseconds, so of one address the oldest are of whoever is slow on purpose.
 *
 * @param maxBytes of all bodies together
 */
export function createBodyBudget(maxBytes: number) {
  const holders = new Map<string, Holder>();
  const bySize = createMaxHeap<string>();
  let used = 0;

  function resize(address: string, body: Body, bytes: number): void {
    const holder = holders.get(address) ?? { bytes: 0, bodies: new Set() };
    holder.bytes += bytes - body.bytes;
    used += bytes - body.bytes;
    body.bytes = bytes;
    if (bytes > 0) holder.bodies.add(body);
    else holder.bodies.delete(body);
    if (holder.bodies.size > 0) {
      holders.set(address, holder);
      bySize.set(address, holder.bytes);
    } else {
      holders.delete(address);
      bySize.delete(address);
    }
  }

  function evictBeyondBudget(): void {
    while (used > maxBytes) {
      const address = bySize.first() ?? '';
      const [oldest] = holders.get(address)?.bodies ?? [];
      if (oldest === undefined) return;
      resize(address, oldest, 0);
      oldest.evict();
    }
  }

  return {
    /**
     * @param address whose body it is
     * @param evict called when the memory is taken away, and has to be let go of
     */
    open(address: string, evict: () => void): BodyAllocation {
      let isOpen = true;
      const body: Body = {
        bytes: 0,
        evict() {
          isOpen = false;
          evict();
        },
      };
      return {
        resize(bytes) {
          if (!isOpen) return;
          resize(address, body, bytes);
          evictBeyondBudget();
        },
        release() {
          isOpen = false;
          resize(address, body, 0);
        },
      };
    },
    used: () => used,
  };
}

export type BodyBudget = ReturnType<typeof createBodyBudget>;
