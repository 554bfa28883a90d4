import { Collection, MongoClient, MongoClientBulkWriteError } from 'mongodb';
import { vi } from 'vitest';

type Method =
  | 'insertMany'
  | 'updateOne'
  | 'updateMany'
  | 'replaceOne'
  | 'deleteMany'
  | 'findOneAndUpdate'
  | 'countDocuments'
  | 'findOne';

/**
 * Runs `other` right before the next call of a collection's method, as a concurrent request would. For `insertMany`, this
 * may be in the middle of a bulk write.
 * @returns a function that tells whether it has run
 */
export function onWrite(collection: string, method: Method, other: () => Promise<unknown>): () => boolean {
  let hasRun = false;
  const real = Collection.prototype[method] as (...args: unknown[]) => unknown;
  vi.spyOn(Collection.prototype, method).mockImplementation(async function (
    this: Collection,
    ...args: unknown[]
  ) {
    if (!hasRun && this.collectionName === collection) {
      hasRun = true;
      await other();
    }
    return real.apply(this, args);
  } as never);
  const { bulkWrite } = MongoClient.prototype;
  vi.spyOn(MongoClient.prototype, 'bulkWrite').mockImplementation(async function (
    this: MongoClient,
    models,
    options,
  ) {
    const start = models.findIndex(({ namespace }) => namespace.endsWith(`.${collection}`));
    if (method !== 'insertMany' || hasRun || start === -1) return bulkWrite.call(this, models, options);
    // In order: what stands before is written first, and if it is refused, nothing else is.
    if (start > 0) await bulkWrite.call(this, models.slice(0, start), options);
    hasRun = true;
    await other();
    try {
      return await bulkWrite.call(this, models.slice(start), options);
    } catch (error) {
      if (!(error instanceof MongoClientBulkWriteError)) throw error;
      error.writeErrors = new Map([...error.writeErrors].map(([index, each]) => [start + index, each]));
      throw error;
    }
  });
  return () => hasRun;
}
