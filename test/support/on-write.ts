import { Collection } from 'mongodb';
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
 * Runs `other` right before the next call of a collection's method, as a concurrent request would.
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
  return () => hasRun;
}
