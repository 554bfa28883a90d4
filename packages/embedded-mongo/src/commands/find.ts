import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import type { Search } from '../query/find-matches.ts';
import { compileByteProjection } from '../query/projection.ts';
import { parseOrder } from '../query/sort-order.ts';
import { cursorAnswer } from '../wire/raw-bson.ts';
import { type Command, type CommandContext, countField, documentField, namespaceOf } from './command.ts';

/** How many documents a first answer carries when nobody says. @see MongoDB's `batchSize` */
export const firstBatchSize = 101;

export const find: Command = {
  writes: false,
  fields: [
    'filter',
    'sort',
    'projection',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'collation',
    'let',
    'noCursorTimeout',
    'allowDiskUse',
    'allowPartialResults',
  ],
  run(context) {
    const { engine, command, now } = context;
    const namespace = namespaceOf(context);
    const matches = engine.find(namespace, searchOf(context));
    const projection = documentField(command.projection, 'projection');
    const documents = map(matches, compileByteProjection(projection));
    const { id, batch } = engine.cursors.start(namespace, documents, {
      size: countField(command.batchSize, 'batchSize', firstBatchSize),
      single: command.singleBatch === true,
      expires: command.noCursorTimeout !== true,
      now,
    });
    return cursorAnswer({ id, ns: namespace }, 'firstBatch', batch);
  },
};

/** What a `find` looks for. @throws CommandError when it cannot be read */
export function searchOf(context: CommandContext): Search {
  const { engine, command } = context;
  engine.assertHint(namespaceOf(context), command.hint);
  const filter = documentField(command.filter ?? command.query, 'filter');
  return {
    filter: compileFilter(filter, documentField(command.let, 'let')),
    order: parseOrder(command.sort),
    skip: countField(command.skip, 'skip', 0),
    limit: countField(command.limit, 'limit', 0),
  };
}

export function* map<T, R>(items: Iterable<T>, change: (item: T) => R): Generator<R, void> {
  for (const item of items) yield change(item);
}

export const getMore: Command = {
  writes: false,
  fields: ['collection', 'batchSize'],
  run({ engine, command, database, now }) {
    const namespace = `${database}.${String(command.collection)}`;
    const size = countField(command.batchSize, 'batchSize', 0);
    const { id, batch } = engine.cursors.more(
      Number(command.getMore),
      namespace,
      size === 0 ? Infinity : size,
      now,
    );
    return cursorAnswer({ id, ns: namespace }, 'nextBatch', batch);
  },
};

export const killCursors: Command = {
  writes: false,
  fields: ['cursors'],
  run({ engine, command }) {
    const ids: unknown = command.cursors;
    if (!Array.isArray(ids)) throw new CommandError('TypeMismatch', "'cursors' has to be an array");
    const cursorsKilled = ids.filter((id) => engine.cursors.kill(Number(id)));
    const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
  },
};
