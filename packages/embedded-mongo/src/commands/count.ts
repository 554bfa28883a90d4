import { CommandError } from '../command-error.ts';
import type { Engine } from '../engine.ts';
import type { Search } from '../query/find-matches.ts';
import { valueIdentity } from '../values/encode-value.ts';
import { comparedValues } from '../values/path-values.ts';
import { type Command, namespaceOf } from './command.ts';
import { searchOf } from './find.ts';

/** How many documents a search finds; all of a collection are counted already. */
export function countMatches(engine: Engine, namespace: string, search: Search): number {
  if (search.filter.all) {
    const all = Math.max(0, (engine.catalog.find(namespace)?.count ?? 0) - search.skip);
    return search.limit === 0 ? all : Math.min(all, search.limit);
  }
  let found = 0;
  for (const _ of engine.find(namespace, search)) found++;
  return found;
}

export const count: Command = {
  writes: false,
  fields: ['query', 'limit', 'skip', 'hint', 'collation'],
  run(context) {
    return { n: countMatches(context.engine, namespaceOf(context), searchOf(context)) };
  },
};

export const distinct: Command = {
  writes: false,
  fields: ['key', 'query', 'collation', 'hint'],
  run(context) {
    const { engine, command } = context;
    const key: unknown = command.key;
    if (typeof key !== 'string') throw new CommandError('TypeMismatch', "'key' has to be a string");
    const parts = key.split('.');
    const values = new Map<string, unknown>();
    for (const { document } of engine.find(namespaceOf(context), searchOf(context)))
      for (const value of comparedValues(document, parts))
        if (value !== undefined && !Array.isArray(value)) values.set(valueIdentity(value), value);
    return { values: [...values.values()] };
  },
};
