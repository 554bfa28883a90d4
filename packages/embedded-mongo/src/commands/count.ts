import { valueIdentity } from '../bson/key.ts';
import { valuesAt } from '../bson/paths.ts';
import type { Value } from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import type { Engine } from '../engine.ts';
import type { Search } from '../query/find-matches.ts';
import { type Command, namespaceOf } from './command.ts';
import { searchOf } from './find.ts';

/** How many documents a search finds; the number of all in a collection is kept. */
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
  options: ['query', 'limit', 'skip'],
  run: (context) => ({ n: countMatches(context.engine, namespaceOf(context), searchOf(context, 'query')) }),
};

export const distinct: Command = {
  writes: false,
  options: ['key', 'query'],
  run(context) {
    const key = context.command.get('key');
    if (typeof key !== 'string' || key === '')
      throw new CommandError('TypeMismatch', "'key' has to be a string that is not empty");
    const parts = key.split('.');
    const values = new Map<string, Value>();
    for (const { document } of context.engine.find(namespaceOf(context), searchOf(context, 'query')))
      for (const value of distinctValues(document, parts)) {
        const identity = valueIdentity(value);
        if (!values.has(identity)) values.set(identity, value);
      }
    return { values: [...values.values()] };
  },
};

/** The values at a path, and of an array its elements instead. */
function distinctValues(...[document, parts]: Parameters<typeof valuesAt>): Value[] {
  return valuesAt(document, parts).flatMap((value) =>
    Array.isArray(value) ? value : value === undefined ? [] : [value],
  );
}
