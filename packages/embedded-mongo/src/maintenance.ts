import type { Document } from './bson/value.ts';
import type { Engine } from './engine.ts';
import type { Executor } from './executor.ts';
import { compileFilter } from './query/filter.ts';
import type { Match } from './query/find-matches.ts';

/** Maximum number of removals per transaction, so that commands do not wait long. */
const batchSize = 200;
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
      const expired = (limit: number) => findExpired(engine, namespace, record.name, now, limit);
      const findOne = () => ({ ok: expired(1).length });
      const removeSome = () => {
        for (const match of expired(batchSize)) engine.existing(namespace).remove(match);
        return { ok: 1 };
      };
      if (record.expireAfterSeconds === undefined) continue;
      // Either of them answers with `ok: 0` after a fault.
      while (!isStopping() && (await executor.run(false, findOne)).ok === 1)
        if ((await executor.run(true, removeSome)).ok !== 1) break;
    }
}

/** Of several dates, the earliest counts. @see https://www.mongodb.com/docs/manual/core/index-ttl/ */
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
