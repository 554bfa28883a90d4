import fc from 'fast-check';
import { type Collection, type Db, type Document, Double, Long, MongoBulkWriteError } from 'mongodb';
import { expect } from 'vitest';
import { readDocument } from '../../src/bson/read.ts';
import { parseOrder, sortKey } from '../../src/query/sort-order.ts';

const long = 'x'.repeat(900);
const small = fc.integer({ min: 0, max: 4 });
const scalar = fc.oneof(
  { weight: 5, arbitrary: small },
  {
    weight: 1,
    arbitrary: fc.constantFrom(new Double(1.5), Long.fromNumber(2), Long.fromString('9007199254740993')),
  },
  { weight: 2, arbitrary: fc.constantFrom('', 'a', 'z\0', 'é', '🎉', `${long}1`, `${long}2`, `${long}3`) },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, new Date(0), new Date(5)) },
);
const pair = fc.record({ x: small, y: small }, { requiredKeys: [] });
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: pair },
  { weight: 2, arbitrary: fc.array(pair, { maxLength: 3 }) },
);
const document = fc.record({ a: value, b: scalar, c: value }, { requiredKeys: [] });

const path = fc.constantFrom('a', 'b', 'c', 'a.x', 'a.y');
const condition = fc.oneof(
  { weight: 3, arbitrary: scalar },
  { weight: 1, arbitrary: fc.record({ $gt: scalar }) },
  { weight: 3, arbitrary: fc.record({ $gte: small, $lt: small }) },
  { weight: 1, arbitrary: fc.record({ $gte: scalar, $lte: scalar }) },
  { weight: 2, arbitrary: fc.record({ $in: fc.array(scalar, { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ $ne: scalar }) },
  { weight: 1, arbitrary: fc.record({ $exists: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ $type: 'int' }) },
  { weight: 1, arbitrary: fc.record({ $not: fc.record({ $gt: scalar }) }) },
);
const simpleFilter = fc.dictionary(path, condition, { maxKeys: 3 });
const filter: fc.Arbitrary<Document> = fc.oneof(
  { weight: 5, arbitrary: simpleFilter },
  { weight: 2, arbitrary: fc.record({ 'a.x': small, 'a.y': small }) },
  { weight: 1, arbitrary: fc.record({ $or: fc.array(simpleFilter, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ $and: fc.array(simpleFilter, { minLength: 1, maxLength: 3 }) }) },
);
const direction = fc.constantFrom<1 | -1>(1, -1);
const query = fc.record({
  filter,
  sort: fc.dictionary(path, direction, { maxKeys: 2 }),
  skip: fc.integer({ min: 0, max: 3 }),
  limit: fc.integer({ min: 0, max: 5 }),
});
const key = fc.oneof(
  fc.uniqueArray(fc.tuple(path, direction), { minLength: 1, maxLength: 3, selector: ([name]) => name }),
  fc.constant<[string, 1 | -1][]>([
    ['a.x', 1],
    ['a.y', -1],
  ]),
);
const index = fc.record({ key, kind: fc.constantFrom('plain', 'plain', 'partial') });
const change = fc.record({
  filter,
  update: fc.option(fc.record({ b: scalar, a: value }, { requiredKeys: ['b'] }), { freq: 3 }),
});

/** Fails if a collection with indexes ever answers differently from one without. */
export async function checkIndexesAgree(db: Db, numRuns: number): Promise<void> {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 1, maxLength: 25 }),
      fc.array(index, { minLength: 1, maxLength: 3 }),
      fc.array(change, { maxLength: 3 }),
      fc.array(query, { minLength: 1, maxLength: 12 }),
      async (documents, indexes, changes, queries) => {
        runs++;
        const plain = db.collection(`plain_${runs}`);
        const indexed = db.collection(`indexed_${runs}`);
        await createIndexes(indexed, indexes);
        await insertWhatFits(
          [indexed, plain],
          documents.map((fields, _id) => ({ _id, ...fields }) as Document),
        );
        for (const one of changes) if (await applyChange(indexed, one)) await applyChange(plain, one);
        for (const one of queries) await compare(indexed, plain, one);
        await plain.drop();
        await indexed.drop();
      },
    ),
    { numRuns },
  );
}

type Query = { filter: Document; sort: Record<string, 1 | -1>; skip: number; limit: number };

/** Expects the same documents, in the same order except where the sort does not decide. */
async function compare(
  indexed: Collection,
  plain: Collection,
  { filter: wanted, sort, skip, limit }: Query,
): Promise<void> {
  const ids = async (collection: Collection) =>
    (await collection.find(wanted).toArray()).map(({ _id }) => Number(_id)).sort((a, b) => a - b);
  expect(await ids(indexed)).toEqual(await ids(plain));
  const fields = parseOrder(new Map(Object.entries(sort)));
  const order = async (collection: Collection) => {
    const found = await collection.find(wanted, { raw: true }).sort(sort).skip(skip).limit(limit).toArray();
    return found.map((bytes: unknown) => sortKey(readDocument(toBuffer(bytes)), fields).toString('hex'));
  };
  expect(await order(indexed)).toEqual(await order(plain));
  expect(await indexed.countDocuments(wanted)).toBe(await plain.countDocuments(wanted));
}

function toBuffer(bytes: unknown): Buffer {
  if (!Buffer.isBuffer(bytes)) throw new TypeError('the driver gave no bytes');
  return bytes;
}

async function createIndexes(
  collection: Collection,
  indexes: readonly { key: [string, 1 | -1][]; kind: string }[],
): Promise<void> {
  for (const [at, { key: fields, kind }] of indexes.entries())
    await collection
      .createIndex(Object.fromEntries(fields), {
        name: `index_${at}`,
        ...(kind === 'partial' && { partialFilterExpression: { b: { $type: 'int' } } }),
      })
      // The same index may be listed twice.
      .catch((error: unknown) => expect(error).toMatchObject({ code: 85 }));
}

/** An index cannot hold two arrays: then neither collection gets the document. */
async function insertWhatFits(
  [indexed, plain]: [Collection, Collection],
  rows: readonly Document[],
): Promise<void> {
  const refused = await refusedRows(indexed, rows);
  const inserted = rows.filter((_, at) => !refused.has(at));
  if (inserted.length > 0) await plain.insertMany(inserted);
}

async function refusedRows(collection: Collection, rows: readonly Document[]): Promise<Set<number>> {
  try {
    await collection.insertMany([...rows], { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const faults = [error.writeErrors].flat();
    expect(faults.map(({ code }) => code)).toEqual(faults.map(() => 171));
    return new Set(faults.map(({ index: at }) => at));
  }
}

/** Changes the first document found, which is the same in both collections. @returns whether it was accepted */
async function applyChange(
  collection: Collection,
  one: { filter: Document; update: Document | null },
): Promise<boolean> {
  const options = { sort: { _id: 1 } } as const;
  try {
    if (one.update === null) await collection.findOneAndDelete(one.filter, options);
    else await collection.findOneAndUpdate(one.filter, { $set: one.update }, options);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 171 });
    return false;
  }
}
