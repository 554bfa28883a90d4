/** Reproducible: the same seed gives the same numbers. */
export type Random = {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, inclusive. */
  between(low: number, high: number): number;
  chance(share: number): boolean;
  /** @throws Error if there is nothing to pick from */
  pick<T>(from: readonly T[]): T;
  /** Distinct elements of `from`. */
  some<T>(from: readonly T[], count: number): T[];
};

/** Mulberry32 (https://github.com/cprosche/mulberry32): small, and good enough to choose faults. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    chance: (share) => next() < share,
    pick(from) {
      const [picked] = from.slice(between(0, from.length - 1));
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    some(from, count) {
      const left = [...from];
      const picked = [];
      while (picked.length < count && left.length > 0)
        picked.push(...left.splice(between(0, left.length - 1), 1));
      return picked;
    },
  };
}
