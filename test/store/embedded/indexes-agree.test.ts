import fc from 'fast-check';
import { type Collection, type Document, Double, Long } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedDatabase, openEmbeddedDatabase } from './open-embedded-database.ts';

let database: EmbeddedDatabase;
beforeAll(async () => {
  database = await openEmbeddedDatabase();
});
afterAll(() => database.close());

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(new Double(1.5), Long.fromNumber(2), Long.fromString('9007199254740993')),
  fc.constantFrom('', 'a', 'b', 'ab', 'z\0', 'é', '🎉', 'x'.repeat(3000)),
  fc.constantFrom(null, true, false, new Date(0), new Date(5)),
);
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.record({ x: scalar, y: scalar }, { requiredKeys: [] }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.record({ x: scalar, y: scalar }, { requiredKeys: [] }), { maxLength: 3 }),
  },
);
const document = fc.record({ a: value, b: scalar, c: value }, { requiredKeys: [] });

const path = fc.constantFrom('a', 'b', 'c', 'a.x', 'a.y', 'c.x');
const condition = fc.oneof(
  scalar,
  fc.record({ $gt: scalar }),
  fc.record({ $gte: scalar, $lt: scalar }),
  fc.record({ $lte: scalar }),
  fc.record({ $in: fc.array(scalar, { maxLength: 4 }) }),
  fc.record({ $ne: scalar }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $not: fc.record({ $gt: scalar }) }),
);
const simpleFilter = fc.dictionary(path, condition, { maxKeys: 3 });
const filter: fc.Arbitrary<Document> = fc.oneof(
  { weight: 4, arbitrary: simpleFilter },
  { weight: 1, arbitrary: fc.record({ $or: fc.array(simpleFilter, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ $and: fc.array(simpleFilter, { minLength: 1, maxLength: 3 }) }) },
);
const direction = fc.constantFrom<1 | -1>(1, -1);
const sort = fc.dictionary(path, direction, { maxKeys: 2 });
const query = fc.record({
  filter,
  sort,
  skip: fc.integer({ min: 0, max: 3 }),
  limit: fc.integer({ min: 0, max: 5 }),
});
const index = fc.record({
  key: fc.uniqueArray(fc.tuple(path, direction), { minLength: 1, maxLength: 3, selector: ([name]) => name }),
  kind: fc.constantFrom('plain', 'sparse', 'partial'),
});
const change = fc.oneof(
  fc.record({
    filter,
    update: fc.record({ $set: fc.record({ b: scalar, a: value }, { requiredKeys: ['b'] }) }),
  }),
  fc.record({ filter, remove: fc.constant(true) }),
);

test('an index changes no answer, after any changes', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 1, maxLength: 30 }),
      fc.array(index, { minLength: 1, maxLength: 4 }),
      fc.array(change, { maxLength: 4 }),
      fc.array(query, { minLength: 1, maxLength: 6 }),
      async (documents, indexes, changes, queries) => {
        runs++;
        const plain = database.db.collection(`plain_${runs}`);
        const indexed = database.db.collection(`indexed_${runs}`);
        const rows = documents.map((fields, _id) => ({ _id, ...fields }) as Document);
        await createIndexes(indexed, indexes);
        const taken = await insertWhatFits(indexed, rows);
        if (taken.length > 0) await plain.insertMany(taken);
        for (const one of changes) {
          if (await applyChange(indexed, one)) await applyChange(plain, one);
        }
        for (const { filter: wanted, sort: order, skip, limit } of queries) {
          const read = (collection: Collection) =>
            collection
              .find(wanted)
              .sort({ ...order, _id: 1 })
              .skip(skip)
              .limit(limit)
              .toArray();
          expect(await read(indexed)).toEqual(await read(plain));
          expect(await indexed.countDocuments(wanted)).toBe(await plain.countDocuments(wanted));
        }
        await plain.drop();
        await indexed.drop();
      },
    ),
    { numRuns: 150 },
  );
});

type Index = { key: [string, 1 | -1][]; kind: string };

async function createIndexes(collection: Collection, indexes: readonly Index[]): Promise<void> {
  for (const [at, { key, kind }] of indexes.entries())
    await collection
      .createIndex(Object.fromEntries(key), {
        name: `index_${at}`,
        ...(kind === 'sparse' && { sparse: true }),
        ...(kind === 'partial' && { partialFilterExpression: { b: { $gt: 0 } } }),
      })
      .catch(assertSameIndexTwice);
}

function assertSameIndexTwice(error: unknown): void {
  expect(error).toMatchObject({ code: 85 });
}

/** Two arrays may be too much for an index: then neither collection gets the document. */
async function insertWhatFits(collection: Collection, rows: readonly Document[]): Promise<Document[]> {
  const taken: Document[] = [];
  for (const row of rows)
    await collection.insertOne(row).then(
      () => taken.push(row),
      (error: unknown) => expect(error).toMatchObject({ code: 171 }),
    );
  return taken;
}

/** Changes the first that is found, the same in both collections. @returns whether it was taken */
async function applyChange(
  collection: Collection,
  one: { filter: Document; update?: Document; remove?: boolean },
): Promise<boolean> {
  if (one.update === undefined) {
    await collection.findOneAndDelete(one.filter, { sort: { _id: 1 } });
    return true;
  }
  try {
    await collection.findOneAndUpdate(one.filter, one.update, { sort: { _id: 1 } });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 171 });
    return false;
  }
}
