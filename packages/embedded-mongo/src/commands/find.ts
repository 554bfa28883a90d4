import { expectArray, expectText } from '../bson/expect-type.ts';
import { valueIdentity } from '../bson/key.ts';
import { valuesAt } from '../bson/paths.ts';
import { isNumeric, toNumber, type Value } from '../bson/value.ts';
import { writeDocument } from '../bson/write.ts';
import { compileFilter } from '../query/filter.ts';
import type { Search } from '../query/find-matches.ts';
import { compileProjection } from '../query/projection.ts';
import { parseOrder } from '../query/sort-order.ts';
import {
  type Command,
  type CommandContext,
  countOption,
  documentOption,
  flagOption,
  namespaceOf,
  toNamespace,
} from './command.ts';

/** MongoDB's default `batchSize`. */
export const firstBatchSize = 101;

export const find: Command = {
  writes: false,
  options: ['filter', 'sort', 'projection', 'skip', 'limit', 'batchSize', 'singleBatch'],
  run(context) {
    const { engine, command, now } = context;
    const ns = namespaceOf(context);
    const matches = engine.find(ns, searchOf(context, 'filter'));
    const projection = documentOption(command, 'projection');
    const project = compileProjection(projection);
    const documents = map(matches, ({ bytes, document: root }) =>
      projection.size === 0 ? bytes : writeDocument(project(root, { root, now })),
    );
    const { id, batch } = engine.cursors.start(ns, documents, {
      size: countOption(command, 'batchSize', firstBatchSize),
      single: flagOption(command, 'singleBatch'),
    });
    return { cursor: { id, ns, firstBatch: batch } };
  },
};

export function searchOf({ command }: CommandContext, field: string): Search {
  return {
    filter: compileFilter(documentOption(command, field)),
    order: parseOrder(command.get('sort')),
    skip: countOption(command, 'skip', 0),
    limit: countOption(command, 'limit', 0),
  };
}

export function* map<T, R>(items: Iterable<T>, change: (item: T) => R): Generator<R, void> {
  for (const item of items) yield change(item);
}

export const getMore: Command = {
  writes: false,
  options: ['collection', 'batchSize'],
  run({ engine, command, database }) {
    const ns = toNamespace(database, command.get('collection'));
    const size = countOption(command, 'batchSize', 0) || Infinity;
    const { id, batch } = engine.cursors.more(cursorId(command.get('getMore')), ns, size);
    return { cursor: { id, ns, nextBatch: batch } };
  },
};

export const killCursors: Command = {
  writes: false,
  options: ['cursors'],
  run({ engine, command }) {
    const ids = expectArray(command.get('cursors'), "'cursors'");
    const cursorsKilled = ids.filter((id) => engine.cursors.kill(cursorId(id)));
    const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
  },
};

const cursorId = (value: Value | undefined) => (isNumeric(value) ? BigInt(Math.trunc(toNumber(value))) : 0n);

export const count: Command = {
  writes: false,
  options: [],
  run: (context) => ({ n: context.engine.catalog.find(namespaceOf(context))?.count() ?? 0 }),
};

export const distinct: Command = {
  writes: false,
  options: ['key', 'query'],
  run(context) {
    const path = expectText(context.command.get('key'), "'key'").split('.');
    const values = new Map<string, Value>();
    // If the value is an array, its elements count.
    for (const { document } of context.engine.find(namespaceOf(context), searchOf(context, 'query')))
      for (const value of valuesAt(document, path).flat(1)) {
        if (value === undefined) continue;
        const identity = valueIdentity(value);
        if (!values.has(identity)) values.set(identity, value);
      }
    return { values: [...values.values()] };
  },
};
