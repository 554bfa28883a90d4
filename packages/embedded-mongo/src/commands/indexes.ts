import type { Value } from '../bson/value.ts';
import type { Answer } from '../bson/write.ts';
import { CommandError, unsupported } from '../command-error.ts';
import type { Engine } from '../engine.ts';
import type { CollectionStore } from '../storage/collection-store.ts';
import {
  defineIndex,
  type IndexDefinition,
  type IndexRecord,
  type IndexSpec,
  isThere,
  readIndexSpec,
} from '../storage/index-definition.ts';
import { recordIdOf, storeRange } from '../storage/keys.ts';
import { assertOptions, type Command, listOf, namespaceOf } from './command.ts';
import { toDocument } from './writes.ts';

const itemOptions = ['key', 'name', 'unique', 'partialFilterExpression', 'expireAfterSeconds'];

export const createIndexes: Command = {
  writes: true,
  options: ['indexes'],
  itemOptions,
  run(context) {
    const { engine } = context;
    const namespace = namespaceOf(context);
    const specs = listOf(context, 'indexes').map((item) => {
      const spec = toDocument(item, 'indexes');
      assertOptions(spec, 'indexes', itemOptions);
      return readIndexSpec(spec);
    });
    const collection = engine.collectionFor(namespace);
    // All are validated before the first is built.
    const missing = specs.filter((spec) => !isThere(records(collection), spec));
    for (const spec of missing) buildIndex(engine, collection, spec);
    return {};
  },
};

const records = ({ indexes }: CollectionStore) => indexes.map(({ record }) => record);

function buildIndex(engine: Engine, collection: CollectionStore, spec: IndexSpec): void {
  if (isThere(records(collection), spec)) return;
  const index = defineIndex({ ...spec, id: engine.catalog.newStoreId(), multikey: false });
  try {
    for (const { key, value } of engine.storage.scan(storeRange(collection.id)))
      collection.buildIndexEntry(index, value, recordIdOf(key));
  } catch (error) {
    if (error instanceof CommandError) engine.catalog.clear(index.record.id);
    throw error;
  }
  collection.indexes = [...collection.indexes, index];
  collection.isChanged = true;
}

export const listIndexes: Command = {
  writes: false,
  options: ['cursor'],
  run(context) {
    const ns = namespaceOf(context);
    const firstBatch = records(context.engine.existing(ns)).map(describeIndex);
    return { cursor: { id: 0n, ns, firstBatch } };
  },
};

function describeIndex({ id: _, multikey: __, unique, ...spec }: IndexRecord): Answer {
  return { v: 2, ...spec, ...(unique && spec.name !== '_id_' && { unique }) };
}

export const dropIndexes: Command = {
  writes: true,
  options: ['index'],
  run(context) {
    const { engine, command } = context;
    const collection = engine.existing(namespaceOf(context));
    engine.catalog.dropIndex(collection, indexToDrop(collection, command.get('index')));
    return {};
  },
};

function indexToDrop({ indexes }: CollectionStore, name: Value | undefined): IndexDefinition {
  if (name === '*' || typeof name !== 'string') throw unsupported('dropping indexes but by one name');
  const found = indexes.find(({ record }) => record.name === name);
  if (found === undefined) throw new CommandError('IndexNotFound', `index not found with name [${name}]`);
  if (name === '_id_') throw new CommandError('InvalidOptions', 'cannot drop _id index');
  return found;
}
