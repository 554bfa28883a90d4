import { Collection, MongoNetworkError } from 'mongodb';
import { vi } from 'vitest';

const writes = [
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'findOneAndUpdate',
  'findOneAndDelete',
  'bulkWrite',
] as const;
const reads = ['findOne', 'find'] as const;

/** Told of each call; true where it fails. */
type ShouldFail = (collection: string, method: string) => boolean;

function spyOn(methods: readonly (typeof writes | typeof reads)[number][], shouldFail: ShouldFail): void {
  for (const method of methods) {
    const real = Collection.prototype[method] as (...args: unknown[]) => unknown;
    vi.spyOn(Collection.prototype, method).mockImplementation(function (
      this: Collection,
      ...args: unknown[]
    ) {
      if (!shouldFail(this.collectionName, method)) return real.apply(this, args);
      throw new MongoNetworkError('the database is away');
    } as never);
  }
}

/** The database is away for all that is asked of a collection, until mocks are restored. */
export function failCollection(name: string): void {
  spyOn([...writes, ...reads], (collection) => collection === name);
}

/**
 * From a write on, nothing is written any more, as by a process that is dead by then, until mocks are restored. Leases
 * are renewed all the time, and do not count.
 *
 * @param survived how many writes are still made
 * @returns the writes that were tried so far
 */
export function failAfterWrites(survived: number): () => string[] {
  const tried: string[] = [];
  spyOn(writes, (collection, method) => {
    if (collection === 'leases') return false;
    tried.push(`${collection}.${method}`);
    return tried.length > survived;
  });
  return () => tried;
}
