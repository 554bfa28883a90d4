import { createMaxHeap } from './max-heap.ts';

export type BodyAllocation = {
  /** Sets the bytes in use. This may evict other bodies, or this one. */
  resize(bytes: number): void;
  release(): void;
};

type Body = { bytes: number; evict: () => void };

type Holder = { bytes: number; bodies: Set<Body> };

/** Above `maxBytes`, the address that uses the most loses its oldest bodies: real ones take milliseconds. */
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
