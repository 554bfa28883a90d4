import {
  type AnyClientBulkWriteModel,
  type Collection,
  type Db,
  type Document,
  type MongoClient,
  MongoServerError,
} from 'mongodb';
import { groupBy } from '../lib/group-by.ts';
import { unwrapBulkError } from './bulk.ts';

export const writeMethods = [
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
  'bulkWrite',
] as const;

export type Write = {
  method: (typeof writeMethods)[number];
  documents: readonly Document[];
  /** Matches every document by default, since those of a bulk write are not known. */
  filter: Document;
  update: Document | readonly Document[] | undefined;
  options: Document;
};

/**
 * `failed`: the database refused the write, and may have done a part. `unknown`: it may still be done within
 * `maxLateWriteMs`.
 */
export type WriteEnd = { kind: 'done'; result: unknown } | { kind: 'failed' | 'unknown' };

/** Longer than the driver waits for an answer. */
export const maxLateWriteMs = 60_000;

/** Called before a write. @returns a function for its end, called before the writer's promise settles */
type WriteListener = (write: Write) => (end: WriteEnd) => void;

export type Writes = { listen(collection: string, listener: WriteListener): void };

/** Reports all writes through the returned `db`, but not the engine's own, which delete expired documents. */
export function watchWrites(db: Db): { db: Db; writes: Writes } {
  const listeners = new Map<string, WriteListener[]>();
  const listenersOf = (collection: string) => listeners.get(collection) ?? [];
  const client = watchClient(db, listenersOf);
  const watched = new Proxy(db, {
    get(target, key) {
      if (key === 'client') return client;
      if (key !== 'collection') return bound(target, key);
      return (name: string, options?: object) =>
        watchCollection(target.collection(name, options), () => listenersOf(name));
    },
  });
  return {
    db: watched,
    writes: {
      listen(collection, listener) {
        listeners.set(collection, [...(listeners.get(collection) ?? []), listener]);
      },
    },
  };
}

function watchCollection(collection: Collection, listeners: () => readonly WriteListener[]): Collection {
  return new Proxy(collection, {
    get(target, key) {
      const method = writeMethods.find((each) => each === key);
      if (method === undefined) return bound(target, key);
      return (...args: unknown[]) =>
        watchEnd(
          listeners().map((listener) => listener(toWrite(method, args))),
          () => bound(target, key)(...args),
        );
    },
  });
}

/** Wraps a client so that the listeners of each collection get its bulk writes. */
function watchClient(
  { client, databaseName }: Db,
  listenersOf: (collection: string) => readonly WriteListener[],
): MongoClient {
  return new Proxy(client, {
    get(target, key) {
      if (key !== 'bulkWrite') return bound(target, key);
      return (models: readonly AnyClientBulkWriteModel<Document>[], options: Document = {}) =>
        watchEnd(
          toWrites(databaseName, models, options).flatMap(({ collection, write }) =>
            listenersOf(collection).map((listener) => listener(write)),
          ),
          () => target.bulkWrite(models, options),
        );
    },
  });
}

async function watchEnd(ends: readonly ((end: WriteEnd) => void)[], write: () => unknown): Promise<unknown> {
  try {
    const result: unknown = await write();
    for (const end of ends) end({ kind: 'done', result });
    return result;
  } catch (error) {
    const isAnswered = unwrapBulkError(error) instanceof MongoServerError;
    for (const end of ends) end({ kind: isAnswered ? 'failed' : 'unknown' });
    throw error;
  }
}

/** Splits a bulk write by collection; documents are known only where it does nothing but insert. */
function toWrites(
  databaseName: string,
  models: readonly AnyClientBulkWriteModel<Document>[],
  options: Document,
): { collection: string; write: Write }[] {
  const prefix = `${databaseName}.`;
  const own = groupBy(
    models.filter(({ namespace }) => namespace.startsWith(prefix)),
    ({ namespace }) => namespace.slice(prefix.length),
  );
  return [...own].map(([collection, ofCollection]) => {
    const documents = ofCollection.flatMap((model) => (model.name === 'insertOne' ? [model.document] : []));
    const isInsert = documents.length === ofCollection.length;
    return { collection, write: toWrite(isInsert ? 'insertMany' : 'bulkWrite', [documents, options]) };
  });
}

/** Binds methods to the target, since the driver's methods do not run on a proxy. */
function bound(target: object, key: string | symbol) {
  const value = Reflect.get(target, key);
  return typeof value === 'function' ? value.bind(target) : value;
}

function toWrite(method: Write['method'], [first, second, third]: unknown[]): Write {
  const base = { method, documents: [], filter: {}, update: undefined };
  switch (method) {
    case 'insertOne':
      return { ...base, documents: [toDocument(first)], options: toDocument(second) };
    case 'insertMany':
      return {
        ...base,
        documents: Array.isArray(first) ? first.map(toDocument) : [],
        options: toDocument(second),
      };
    case 'bulkWrite':
      return { ...base, options: toDocument(second) };
    case 'deleteOne':
    case 'deleteMany':
    case 'findOneAndDelete':
      return { ...base, filter: toDocument(first), options: toDocument(second) };
    default:
      return {
        ...base,
        filter: toDocument(first),
        update: Array.isArray(second) ? second.map(toDocument) : toDocument(second),
        options: toDocument(third),
      };
  }
}

function toDocument(value: unknown): Document {
  return typeof value === 'object' && value !== null ? value : {};
}
