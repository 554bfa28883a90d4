import { readDocument } from '../bson/read.ts';
import { writeDocument } from '../bson/write.ts';
import { compileFilter } from '../query/filter.ts';
import { type Command, documentOption, flagOption, namespaceOf } from './command.ts';

export const drop: Command = {
  writes: true,
  options: [],
  run(context) {
    const { catalog } = context.engine;
    const collection = catalog.find(namespaceOf(context));
    // Dropping a collection that does not exist succeeds, as in MongoDB 7.
    if (collection !== undefined) catalog.drop(collection);
    return {};
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
    const details = {
      options: {},
      info: { readOnly: false },
      idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
    };
    const firstBatch = engine.catalog
      .list(database)
      .map(({ namespace }) => ({ name: namespace.slice(database.length + 1), type: 'collection' }))
      .map((found) => writeDocument(flagOption(command, 'nameOnly') ? found : { ...found, ...details }))
      .filter((bytes) => filter.test(readDocument(bytes)));
    return { cursor: { id: 0n, ns: `${database}.$cmd.listCollections`, firstBatch } };
  },
};
