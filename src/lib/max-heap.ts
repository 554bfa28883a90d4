type Entry<T> = { item: T; weight: number; index: number };

/** Changes of a weight take logarithmic time. */
export function createMaxHeap<T>() {
  const heap: Entry<T>[] = [];
  const entries = new Map<T, Entry<T>>();

  function place(entry: Entry<T>, index: number): void {
    heap[index] = entry;
    entry.index = index;
  }

  function siftUp(entry: Entry<T>): void {
    for (;;) {
      const { index } = entry;
      const parent = index === 0 ? undefined : heap[(index - 1) >> 1];
      if (parent === undefined || parent.weight >= entry.weight) return;
      place(entry, parent.index);
      place(parent, index);
    }
  }

  function siftDown(entry: Entry<T>): void {
    for (;;) {
      const { index } = entry;
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const child = left !== undefined && right !== undefined && right.weight > left.weight ? right : left;
      if (child === undefined || child.weight <= entry.weight) return;
      place(entry, child.index);
      place(child, index);
    }
  }

  return {
    first: (): T | undefined => heap[0]?.item,

    set(item: T, weight: number): void {
      const entry = entries.get(item) ?? { item, weight, index: heap.length };
      if (!entries.has(item)) {
        entries.set(item, entry);
        heap.push(entry);
      }
      entry.weight = weight;
      siftUp(entry);
      siftDown(entry);
    },

    delete(item: T): void {
      const entry = entries.get(item);
      const last = entry && heap.pop();
      if (entry === undefined || last === undefined) return;
      entries.delete(item);
      if (last === entry) return;
      place(last, entry.index);
      siftUp(last);
      siftDown(last);
    },
  };
}
