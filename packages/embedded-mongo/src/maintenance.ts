import type { Document } from './bson/value.ts';
import type { Engine } from './engine.ts';
import type { Executor } from './executor.ts';
import { compileFilter } from './query/filter.ts';

/** Maximum number of removals per transaction, so that commands do not wait long. */
const batchSize = 200;
/** As in MongoDB. */
const maxCursorIdleMs = 10 * 60_000;

/** Removes what has expired (TTL), in small transactions between the commands. */
export async function runMaintenance(
  engine: Engine,
  executor: Executor,
  now: Date,
  isStopping: () => boolean,
): Promise<void> {
  engine.cursors.expire(maxCursorIdleMs);
  for (const { namespace, indexes } of engine.catalog.list())
    for (const { record } of indexes) {
      const expires = record.expireAfterSeconds !== undefined;
      const removeSome = () => removeExpired(engine, namespace, record.name, now);
      while (expires && !isStopping() && (await executor.maintain(removeSome)) > 0);
    }
}

/** Removes documents whose date, or the earliest of several, is past. @see https://www.mongodb.com/docs/manual/core/index-ttl/ */
function removeExpired(engine: Engine, namespace: string, indexName: string, now: Date): number {
  const collection = engine.catalog.find(namespace);
  const index = collection?.indexes.find(({ record }) => record.name === indexName);
  const [field] = index?.fields ?? [];
  const seconds = index?.record.expireAfterSeconds;
  if (collection === undefined || field === undefined || seconds === undefined) return 0;
  const latest = new Date(now.getTime() - seconds * 1000);
  const partial = index?.record.partialFilterExpression ?? new Map();
  const due: Document = new Map([[field.path, new Map([['$lte', latest]])]]);
  const filter = compileFilter(new Map([['$and', [due, partial]]]));
  const expired = [...engine.find(namespace, { filter, order: [], skip: 0, limit: batchSize })];
  for (const match of expired) collection.remove(match);
  return expired.length;
}
