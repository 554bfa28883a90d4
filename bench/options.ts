/** Choices of whoever measures. */
export type BenchOptions = {
  /** Rounds of the parts that have several. */
  rounds: number;
  /** The subjects of `peers` and `peers-sustained` to measure; all of them without it. */
  only: readonly string[] | undefined;
};
