import type { Document } from 'bson';
import { serialize } from 'bson';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { cursorAnswer } from '../wire/raw-bson.ts';
import { type Command, documentField, namespaceOf } from './command.ts';

export const create: Command = {
  writes: true,
  fields: ['collation'],
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
  fields: [],
  run(context) {
    const { catalog } = context.engine;
    const namespace = namespaceOf(context);
    const collection = catalog.find(namespace);
    // As MongoDB 7 does: dropping what is not there succeeds.
    if (collection === undefined) return {};
    catalog.drop(collection);
    return { ns: namespace, nIndexesWas: collection.indexes.length };
  },
};

export const dropDatabase: Command = {
  writes: true,
  fields: [],
  run({ engine, database }) {
    for (const collection of engine.catalog.list(database)) engine.catalog.drop(collection);
    return { dropped: database };
  },
};

export const listCollections: Command = {
  writes: false,
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run({ engine, command, database }) {
    const filter = compileFilter(documentField(command.filter, 'filter'));
    const documents = engine.catalog
      .list(database)
      .map(({ namespace }): Document => {
        const name = namespace.slice(database.length + 1);
        if (command.nameOnly === true) return { name, type: 'collection' };
        const idIndex = { v: 2, key: { _id: 1 }, name: '_id_' };
        return { name, type: 'collection', options: {}, info: { readOnly: false }, idIndex };
      })
      .filter(filter.test);
    return cursorAnswer(
      { id: 0, ns: `${database}.$cmd.listCollections` },
      'firstBatch',
      documents.map((document) => serialize(document)),
    );
  },
};

export const listDatabases: Command = {
  writes: false,
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run({ engine, command }) {
    const filter = compileFilter(documentField(command.filter, 'filter'));
    const names = new Set(engine.catalog.list().map(({ namespace }) => namespace.split('.')[0] ?? ''));
    const databases = [...names]
      .sort()
      .map(
        (name): Document => (command.nameOnly === true ? { name } : { name, sizeOnDisk: 0, empty: false }),
      );
    return { databases: databases.filter(filter.test), totalSize: 0 };
  },
};
