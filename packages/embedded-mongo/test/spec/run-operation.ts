import type { AnyBulkWriteOperation, Collection, Db, Document } from 'mongodb';

export type Operation = { name: string; arguments?: Document };

type Run = (collection: Collection, values: Document, options: Document) => Promise<unknown>;

/** Uses the driver. */
export async function runOperation(db: Db, collection: string, operation: Operation): Promise<unknown> {
  const { name, arguments: args = {} } = operation;
  const { returnDocument, ...others } = args;
  const options: Document = {
    ...others,
    ...(returnDocument !== undefined && { returnDocument: String(returnDocument).toLowerCase() }),
  };
  if (collection === '' && name === 'aggregate') return db.aggregate(args.pipeline, options).toArray();
  if (name === 'createCollection') return db.createCollection(args.collection, options);
  if (name === 'dropCollection') return db.dropCollection(args.collection);
  const run = operations[name];
  if (run === undefined) throw new TypeError(`no operation ${name}`);
  return run(db.collection(collection), args, withoutValues(options));
}

const valueNames = [
  'filter',
  'update',
  'replacement',
  'document',
  'documents',
  'requests',
  'pipeline',
  'fieldName',
];
const withoutValues = (args: Document) =>
  Object.fromEntries(Object.entries(args).filter(([name]) => !valueNames.includes(name)));

const operations: Record<string, Run> = {
  find: (items, { filter }, options) => items.find(filter, options).toArray(),
  aggregate: (items, { pipeline }, options) => items.aggregate(pipeline, options).toArray(),
  countDocuments: (items, { filter }, options) => items.countDocuments(filter, options),
  count: (items, { filter }, options) => items.countDocuments(filter, options),
  estimatedDocumentCount: (items, _, options) => items.estimatedDocumentCount(options),
  distinct: (items, { fieldName, filter }, options) => items.distinct(fieldName, filter ?? {}, options),
  insertOne: (items, { document }, options) => items.insertOne(document, options),
  insertMany: (items, { documents }, { options, ...others }) =>
    items.insertMany(documents, { ...others, ...options }),
  updateOne: (items, { filter, update }, options) => items.updateOne(filter, update, options),
  updateMany: (items, { filter, update }, options) => items.updateMany(filter, update, options),
  replaceOne: (items, { filter, replacement }, options) => items.replaceOne(filter, replacement, options),
  deleteOne: (items, { filter }, options) => items.deleteOne(filter, options),
  deleteMany: (items, { filter }, options) => items.deleteMany(filter, options),
  findOneAndUpdate: (items, { filter, update }, options) => items.findOneAndUpdate(filter, update, options),
  findOneAndReplace: (items, { filter, replacement }, options) =>
    items.findOneAndReplace(filter, replacement, options),
  findOneAndDelete: (items, { filter }, options) => items.findOneAndDelete(filter, options),
  bulkWrite: (items, { requests }, { options, ...others }) =>
    items.bulkWrite(requests.map(bulkItem), { ...others, ...options }),
};

/** The older format has `{ name: 'updateOne', arguments: { … } }`. */
const bulkItem = (request: Document): AnyBulkWriteOperation =>
  (request.name === undefined ? request : { [request.name]: request.arguments }) as AnyBulkWriteOperation;
