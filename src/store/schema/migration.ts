import type { Db } from 'mongodb';

/**
 * A step from one version of what is in the database to the next. Processes of the version before may be at work while
 * it runs and for a while after, so it only adds what they do not mind; what they still need goes in a later step.
 */
export type Migration = {
  /** The version that it leads to. */
  version: number;
  /** The oldest version whose processes can work on the database afterwards; an older one does not start. */
  oldestProcess: number;
  /**
   * Converts documents of the old shape in batches and yields the size of each. What was converted already
   * stays as it is: a run may be interrupted, repeated, and run twice at once.
   */
  run(db: Db): AsyncIterable<number>;
};
