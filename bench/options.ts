export type BenchOptions = {
  /** Number of times that each subject is measured, in scenarios with several rounds. */
  rounds: number;
  /** The subjects of `sustained`, `peers` and `peers-sustained` to measure; `undefined` for all. */
  only: readonly string[] | undefined;
};
