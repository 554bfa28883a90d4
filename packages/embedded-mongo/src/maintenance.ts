import { readDocument } from './bson/read.ts';
import type { Document } from './bson/value.ts';
import type { Engine } from './engine.ts';
import type { Executor } from './executor.ts';
import { compileFilter } from './query/filter.ts';
import type { CollectionStore } from './storage/collection-store.ts';
import type { IndexDefinition } from './storage/index-definition.ts';
import { storeRange } from './storage/keys.ts';

/** The most that one transaction removes, so that nobody waits long for it. */
const batchSize = 200;
/** As in MongoDB. */
const maxCursorIdleMs = 10 * 60_000;

/** Removes what has expired (TTL) and what was dropped, in small transactions between the commands. */
export async function runMaintenance(
  engine: Engine,
  executor: Executor,
  now: Date,
  isStopping: () => boolean,
): Promise<void> {
  engine.cursors.expire(maxCursorIdleMs);
  for (const { namespace, indexes } of engine.catalog.list())
    for (const { record } of indexes)
      if (record.expireAfterSeconds !== undefined)
        await untilNothing(executor, isStopping, () => removeExpired(engine, namespace, record.name, now));
  for (const storeId of [...engine.catalog.garbage])
    await untilNothing(executor, isStopping, () => removeGarbage(engine, storeId));
}

async function untilNothing(
  executor: Executor,
  isStopping: () => boolean,
  action: () => number,
): Promise<void> {
  while (!isStopping() && (await executor.maintain(action)) > 0);
}

function removeExpired(engine: Engine, namespace: string, indexName: string, now: Date): number {
  const collection = engine.catalog.find(namespace);
  const index = collection?.indexes.find(({ record }) => record.name === indexName);
  if (collection === undefined || index === undefined) return 0;
  const records = expiredRecords(engine, collection, index, now);
  for (const recordId of records) {
    const bytes = collection.read(recordId);
    if (bytes !== undefined) collection.remove({ recordId, document: readDocument(bytes) });
  }
  return records.length;
}

/** Documents whose date, or the earliest of several, is past. @see https://www.mongodb.com/docs/manual/core/index-ttl/ */
function expiredRecords(
  engine: Engine,
  collection: CollectionStore,
  index: IndexDefinition,
  now: Date,
): number[] {
  const [field] = index.fields;
  const seconds = index.record.expireAfterSeconds;
  if (field === undefined || seconds === undefined) return [];
  const latest = new Date(now.getTime() - seconds * 1000);
  const partial = index.record.partialFilterExpression;
  const due: Document = new Map([[field.path, new Map([['$lte', latest]])]]);
  const filter = compileFilter(partial === undefined ? due : new Map([['$and', [due, partial]]]));
  const found = engine.find(collection.namespace, { filter, order: [], skip: 0, limit: batchSize });
  return Array.from(found, ({ recordId }) => recordId);
}

function removeGarbage(engine: Engine, storeId: number): number {
  const { entries } = engine.storage.entries(storeRange(storeId), batchSize);
  for (const { key } of entries) engine.storage.remove(key);
  if (entries.length === 0) engine.catalog.forgetGarbage(storeId);
  return entries.length;
}
