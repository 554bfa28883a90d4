import type { Document } from './bson/value.ts';
import type { Engine } from './engine.ts';
import type { Executor } from './executor.ts';
import { compileFilter } from './query/filter.ts';
import type { Match } from './query/find-matches.ts';

/** Removals per transaction, so that commands do not wait long. */
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
  const due: [namespace: string, indexName: string][] = [];
  await executor.maintain('read', () => {
    for (const { namespace, count, indexes } of engine.catalog.list())
      for (const { record } of indexes)
        if (count > 0 && findExpired(engine, namespace, record.name, now, 1).length > 0)
          due.push([namespace, record.name]);
    return due.length;
  });
  for (const [namespace, indexName] of due) {
    const removeSome = () => removeExpired(engine, namespace, indexName, now);
    while (!isStopping() && (await executor.maintain('write', removeSome)) > 0);
  }
}

function removeExpired(engine: Engine, namespace: string, indexName: string, now: Date): number {
  const expired = findExpired(engine, namespace, indexName, now, batchSize);
  for (const match of expired) engine.existing(namespace).remove(match);
  return expired.length;
}

/** By the earliest of several dates. @see https://www.mongodb.com/docs/manual/core/index-ttl/ */
function findExpired(
  engine: Engine,
  namespace: string,
  indexName: string,
  now: Date,
  limit: number,
): Match[] {
  const index = engine.catalog.find(namespace)?.indexes.find(({ record }) => record.name === indexName);
  const [field] = index?.fields ?? [];
  const seconds = index?.record.expireAfterSeconds;
  if (field === undefined || seconds === undefined) return [];
  const latest = new Date(now.getTime() - seconds * 1000);
  const partial = index?.record.partialFilterExpression ?? new Map();
  const due: Document = new Map([[field.path, new Map([['$lte', latest]])]]);
  const filter = compileFilter(new Map([['$and', [due, partial]]]));
  return [...engine.find(namespace, { filter, order: [], skip: 0, limit })];
}
