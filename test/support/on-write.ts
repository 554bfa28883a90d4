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

/** Runs `other` right before the next call of a collection's method, as a concurrent request would. */
export function onWrite(collection: string, method: Method, other: () => Promise<unknown>): () => boolean {
  let hasMet = false;
  const real = Collection.prototype[method] as (...args: unknown[]) => unknown;
  vi.spyOn(Collection.prototype, method).mockImplementation(async function (
    this: Collection,
    ...args: unknown[]
  ) {
    if (!hasMet && this.collectionName === collection) {
      hasMet = true;
      await other();
    }
    return real.apply(this, args);
  } as never);
  return () => hasMet;
}
