import { type AnyClientBulkWriteModel, type Document, MongoClientBulkWriteError } from 'mongodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { setupEmbeddedDatabase } from './support/setup-embedded-database.ts';

const database = setupEmbeddedDatabase();
beforeEach(async () => {
  for (const name of ['a', 'b']) await database.db.collection(name).deleteMany({});
});

const insert = (collection: string, document: Document): AnyClientBulkWriteModel<Document> => ({
  name: 'insertOne',
  namespace: `${database.db.databaseName}.${collection}`,
  document,
});
const bulkWrite = (models: AnyClientBulkWriteModel<Document>[], options?: object) =>
  database.db.client.bulkWrite(models, options);
const failureOf = (models: AnyClientBulkWriteModel<Document>[], options?: object) =>
  bulkWrite(models, options).then(
    () => undefined,
    (error: unknown) => (error instanceof MongoClientBulkWriteError ? error : undefined),
  );
const idsIn = async (collection: string) =>
  (await database.db.collection(collection).find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

describe('a bulk write inserts into several collections', () => {
  test('in order', async () => {
    const result = await bulkWrite([
      insert('a', { _id: 1, n: 1.5 }),
      insert('b', { _id: 2, in: { a: [1] } }),
      insert('a', { n: 3 }),
    ]);
    expect(result).toMatchObject({ insertedCount: 3, matchedCount: 0, deletedCount: 0 });
    expect(await database.db.collection('a').findOne({ n: 1.5 })).toEqual({ _id: 1, n: 1.5 });
    expect(await database.db.collection('a').countDocuments()).toBe(2);
    expect(await database.db.collection('b').find().toArray()).toEqual([{ _id: 2, in: { a: [1] } }]);
  });

  test('up to the first that fails, unless they are unordered', async () => {
    const models = () => [
      insert('a', { _id: 1 }),
      insert('a', { _id: 1 }),
      insert('b', { _id: 2 }),
      insert('b', { _id: 2 }),
    ];
    const ordered = await failureOf(models());
    expect([...(ordered?.writeErrors ?? [])].map(([index, { code }]) => [index, code])).toEqual([[1, 11000]]);
    expect(ordered?.partialResult?.insertedCount).toBe(1);
    expect([await idsIn('a'), await idsIn('b')]).toEqual([[1], []]);

    const unordered = await failureOf(models(), { ordered: false });
    expect([...(unordered?.writeErrors.keys() ?? [])]).toEqual([0, 1, 3]);
    expect([await idsIn('a'), await idsIn('b')]).toEqual([[1], [2]]);
  });

  test('and respects unique indexes', async () => {
    await database.db.collection('unique').createIndex({ key: 1 }, { unique: true });
    const failure = await failureOf([
      insert('a', { _id: 1 }),
      insert('unique', { key: 1 }),
      insert('unique', { key: 1 }),
    ]);
    expect([...(failure?.writeErrors.keys() ?? [])]).toEqual([2]);
  });
});

describe('a bulk write is refused', () => {
  const command = (change: Document, name = 'admin') =>
    database.db.client.db(name).command({
      bulkWrite: 1,
      ops: [{ insert: 0, document: { _id: 1 } }],
      nsInfo: [{ ns: `${database.db.databaseName}.a` }],
      ...change,
    });

  test.each<[string, Document, number]>([
    ['without a namespace', { ops: [{ insert: 1, document: {} }] }, 2],
    ['without a document', { ops: [{ insert: 0 }] }, 14],
    ['with a namespace that is no text', { nsInfo: [{ ns: 1 }] }, 14],
    ['with an unknown option', { comments: 1, magic: true }, 40415],
  ])('%s', async (_, change, code) => {
    await expect(command(change)).rejects.toMatchObject({ code });
    expect(await idsIn('a')).toEqual([]);
  });

  test('as a whole if it would update or delete, which the store does not know', async () => {
    const update = { update: 0, filter: {}, updateMods: { $set: { n: 1 } } };
    const ops = [{ insert: 0, document: { _id: 1 } }, update];
    await expect(command({ ops })).rejects.toThrow("'update' in bulkWrite");
    expect(await idsIn('a')).toEqual([]);
  });

  test('in another database than admin', async () => {
    await expect(command({}, database.db.databaseName)).rejects.toMatchObject({ code: 13 });
  });
});
