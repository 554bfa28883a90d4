import { CommandError } from '../command-error.ts';
import { valueIdentity } from '../values/encode-value.ts';
import { comparedValues } from '../values/path-values.ts';
import { type Command, namespaceOf } from './command.ts';
import { searchOf } from './find.ts';

export const count: Command = {
  writes: false,
  fields: ['query', 'limit', 'skip', 'hint', 'collation'],
  run(context) {
    const { engine } = context;
    const namespace = namespaceOf(context);
    const search = searchOf(context);
    if (search.filter.all) {
      const all = Math.max(0, (engine.catalog.find(namespace)?.count ?? 0) - search.skip);
      return { n: search.limit === 0 ? all : Math.min(all, search.limit) };
    }
    let n = 0;
    for (const _ of engine.find(namespace, search)) n++;
    return { n };
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
