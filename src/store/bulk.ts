import {
  type Collection,
  type Document,
  type Filter,
  MongoBulkWriteError,
  type OptionalUnlessRequiredId,
  type UpdateFilter,
} from 'mongodb';

const duplicateKey = 11000;

/** Whether an error is MongoDB's refusal of a key that is there already. */
export function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === duplicateKey;
}

/**
 * Inserts what is not there yet, in one command.
 *
 * @returns the positions in `documents` of those that were there already (the same `_id`)
 * @throws the driver's error for any other failure
 */
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

/**
 * Deletes a document if it still matches. Not by `deleteOne` or `findOneAndDelete`: those of DocumentDB may delete nothing
 * while another request changes the same document.
 *
 * @param filter with the document's `_id`
 * @returns whether it was deleted here
 */
export async function deleteById<T extends Document>(
  collection: Collection<T>,
  filter: Filter<T> & { _id: string },
): Promise<boolean> {
  return (await collection.deleteMany(filter)).deletedCount === 1;
}

/** How many documents are deleted or changed at a time, so that no command runs into the driver's time limit. */
const maxBatchSize = 5000;

/** Deletes all that matches, however much it is. */
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

/** Changes all that matches, however much it is. @param update after which a document matches no more */
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
