import { Collection, MongoClient, MongoNetworkError } from 'mongodb';
import { vi } from 'vitest';
import { unique } from '../../src/lib/group-by.ts';
import { writeMethods } from '../../src/store/watch-writes.ts';

const reads = ['findOne', 'find'] as const;

/** Returns whether a call should fail. */
type ShouldFail = (collection: string, method: string) => boolean;

function spyOn(
  methods: readonly (typeof writeMethods | typeof reads)[number][],
  shouldFail: ShouldFail,
): void {
  const { bulkWrite } = MongoClient.prototype;
  vi.spyOn(MongoClient.prototype, 'bulkWrite').mockImplementation(async function (
    this: MongoClient,
    models,
    options,
  ) {
    const names = unique(models.map(({ namespace }) => namespace.slice(namespace.indexOf('.') + 1)));
    const failed = names.find((name) => shouldFail(name, 'bulkWrite'));
    if (failed === undefined) return bulkWrite.call(this, models, options);
    // In order: what stands before is written.
    const start = models.findIndex(({ namespace }) => namespace.endsWith(`.${failed}`));
    if (start > 0) await bulkWrite.call(this, models.slice(0, start), options);
    throw new MongoNetworkError('the database is away');
  });
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

/** Every call for the collection fails, until mocks are restored. */
export function failCollection(name: string): void {
  spyOn([...writeMethods, ...reads], (collection) => collection === name);
}

/**
 * As if the process died: after `survived` writes every write fails, until mocks are restored. Renewals of leases do
 * not count.
 * @returns the writes that were tried so far
 */
export function failAfterWrites(survived: number): () => string[] {
  const tried: string[] = [];
  spyOn(writeMethods, (collection, method) => {
    if (collection === 'leases') return false;
    tried.push(`${collection}.${method}`);
    return tried.length > survived;
  });
  return () => tried;
}
