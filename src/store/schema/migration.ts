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
   * Mends what is of the old shape, some documents at a time, and yields how many they were. Whatever was mended
   * already is left alone, so it may be stopped anywhere, run again, and run twice at once.
   */
  run(db: Db): AsyncIterable<number>;
};
