import { readDocument } from '../bson/read.ts';
import { type Answer, writeDocument } from '../bson/write.ts';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { type Command, documentOption, flagOption, namespaceOf } from './command.ts';

export const create: Command = {
  writes: true,
  options: [],
  run(context) {
    const namespace = namespaceOf(context);
    if (context.engine.catalog.find(namespace) !== undefined)
      throw new CommandError('NamespaceExists', `Collection ${namespace} already exists.`);
    context.engine.catalog.create(namespace);
    return {};
  },
};

export const drop: Command = {
  writes: true,
  options: [],
  run(context) {
    const { catalog } = context.engine;
    const ns = namespaceOf(context);
    const collection = catalog.find(ns);
    // As MongoDB 7 does: dropping a collection that does not exist succeeds.
    if (collection === undefined) return {};
    catalog.drop(collection);
    return { ns, nIndexesWas: collection.indexes.length };
  },
};

export const dropDatabase: Command = {
  writes: true,
  options: [],
  run({ engine, database }) {
    for (const collection of engine.catalog.list(database)) engine.catalog.drop(collection);
    return { dropped: database };
  },
};

export const listCollections: Command = {
  writes: false,
  options: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run({ engine, command, database }) {
    const filter = compileFilter(documentOption(command, 'filter'));
    const nameOnly = flagOption(command, 'nameOnly');
    const firstBatch = engine.catalog
      .list(database)
      .map(({ namespace }): Answer => {
        const name = namespace.slice(database.length + 1);
        const idIndex = { v: 2, key: { _id: 1 }, name: '_id_' };
        return {
          name,
          type: 'collection',
          ...(!nameOnly && { options: {}, info: { readOnly: false }, idIndex }),
        };
      })
      .map(writeDocument)
      .filter((bytes) => filter.test(readDocument(bytes)));
    return { cursor: { id: 0n, ns: `${database}.$cmd.listCollections`, firstBatch } };
  },
};
