import {
  type Collection,
  type Document,
  type Filter,
  MongoBulkWriteError,
  type OptionalUnlessRequiredId,
  type UpdateFilter,
} from 'mongodb';

const duplicateKey = 11000;

/** Every driver error of `insertMany` and `bulkWrite` is a MongoServerError, even without an answer. */
export function unwrapBulkError(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error;
  const inner: unknown = error.errorResponse;
  return inner instanceof Error ? inner : error;
}

export function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === duplicateKey;
}

/** @returns the positions in `documents` of those whose `_id` already existed */
export async function insertMissing<T extends Document>(
  collection: Collection<T>,
  documents: readonly OptionalUnlessRequiredId<T>[],
): Promise<Set<number>> {
  if (documents.length === 0) return new Set();
  try {
    await collection.insertMany(documents, { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const writeErrors = [error.writeErrors].flat();
    if (writeErrors.length === 0 || writeErrors.some(({ code }) => code !== duplicateKey)) throw error;
    if (error.result.getWriteConcernError() !== undefined) throw error;
    return new Set(writeErrors.map(({ index }) => index));
  }
}

/** DocumentDB's `deleteOne` and `findOneAndDelete` may delete nothing while the document is being changed. */
export async function deleteById<T extends Document>(
  collection: Collection<T>,
  filter: Filter<T> & { _id: string },
): Promise<boolean> {
  return (await collection.deleteMany(filter)).deletedCount === 1;
}

/** Small enough that no command runs into the driver's timeout. */
const maxBatchSize = 5000;

export async function deleteAll<T extends Document>(
  collection: Collection<T>,
  filter: Filter<T>,
): Promise<void> {
  for (;;) {
    const found = await collection.find(filter, { projection: { _id: 1 }, limit: maxBatchSize }).toArray();
    if (found.length === 0) return;
    await collection.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } } as Filter<T>);
  }
}

/** Works in batches. @param update must make a document stop matching */
export async function updateAll<T extends Document>(
  collection: Collection<T>,
  filter: Filter<T>,
  update: UpdateFilter<T>,
): Promise<void> {
  for (;;) {
    const found = await collection.find(filter, { projection: { _id: 1 }, limit: maxBatchSize }).toArray();
    if (found.length === 0) return;
    await collection.updateMany({ _id: { $in: found.map(({ _id }) => _id) } } as Filter<T>, update);
  }
}
