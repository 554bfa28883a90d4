import fc from 'fast-check';
import { BSON, type Document, Double, Long, ObjectId } from 'mongodb';

/** Comparable values, a few of each type, so that equal ones occur. */
const scalar: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 3 }) },
  { weight: 3, arbitrary: fc.constantFrom('', 'a', 'ab', 'b', 'B', 'é') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      new Double(1),
      new Double(1.5),
      new Double(-0.5),
      Long.fromNumber(2),
      Long.fromString('9007199254740993'),
    ),
  },
  { weight: 3, arbitrary: fc.constantFrom(null, true, false, new Date(0), new Date(5)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(new ObjectId('000000000000000000000001')),
  },
);
const name = fc.constantFrom('x', 'y');
const flat = fc.dictionary(name, scalar, { maxKeys: 2 });
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { minLength: 1, maxLength: 3 }) },
  { weight: 2, arbitrary: flat },
  { weight: 2, arbitrary: fc.array(fc.oneof(flat, scalar), { minLength: 1, maxLength: 3 }) },
);
export const documents = fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { maxKeys: 3 }), {
  minLength: 1,
  maxLength: 6,
});

const field = fc.constantFrom('a', 'b', 'c');
const path = fc.oneof(field, fc.constantFrom('a.x', 'a.y', 'b.x', 'c.0', 'c.x'));
const range = fc.constantFrom('$gt', '$gte', '$lt', '$lte');
const typeName = fc.constantFrom(
  'int',
  'double',
  'long',
  'number',
  'string',
  'object',
  'array',
  'bool',
  'date',
  'null',
  'objectId',
  'timestamp',
  'binData',
);
const operators: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ $eq: value }),
  fc.record({ $ne: value }),
  fc.tuple(range, scalar).map(([operator, operand]) => ({ [operator]: operand })),
  fc.record({ $in: fc.array(value, { maxLength: 3 }) }),
  fc.record({ $nin: fc.array(value, { maxLength: 3 }) }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $type: fc.oneof(typeName, fc.uniqueArray(typeName, { minLength: 1, maxLength: 2 })) }),
  fc.tuple(range, scalar).map(([operator, operand]) => ({ $not: { [operator]: operand } })),
  fc.tuple(range, scalar).map(([operator, operand]) => ({ $elemMatch: { [operator]: operand } })),
  fc.record({ $elemMatch: fc.dictionary(name, scalar, { minKeys: 1, maxKeys: 2 }) }),
  fc.record({ $regex: fc.constantFrom('a', '^a', '^b', '\\.') }),
);
const simpleFilter = fc.dictionary(path, fc.oneof(value, operators), { maxKeys: 2 });
// DocumentDB sees that `{ $nor: [{}] }` finds nothing, and runs no stage before it.
const filterList = fc.array(
  simpleFilter.filter((conditions) => Object.keys(conditions).length > 0),
  { minLength: 1, maxLength: 2 },
);
const hasArray = (list: readonly Document[]) => list.some((one) => BSON.EJSON.stringify(one).includes('['));
const filter: fc.Arbitrary<Document> = fc.oneof(
  { weight: 6, arbitrary: simpleFilter },
  {
    weight: 1,
    arbitrary: fc.record({ $or: filterList.filter((list) => !hasArray(list)) }),
  },
  { weight: 1, arbitrary: fc.record({ $and: filterList }) },
  { weight: 1, arbitrary: fc.record({ $nor: filterList }) },
);

const reference = path.filter((text) => !text.endsWith('0')).map((text) => `$${text}`);
const operand = fc.oneof(
  { weight: 3, arbitrary: reference },
  { weight: 2, arbitrary: value.map((item) => ({ $literal: item })) },
);
const pair = fc.tuple(operand, operand);
/** Operators that refuse a type. DocumentDB checks their constants first, so they get fields. */
const strict = fc.constantFrom('$concat', '$concatArrays', '$mergeObjects');
/** With null beside another type, MongoDB answers null if null comes first, and DocumentDB refuses. */
const present = reference.map((text) => ({ $ifNull: [text, 1] }));
const expression: fc.Arbitrary<unknown> = fc.oneof(
  operand,
  fc
    .tuple(
      fc.constantFrom(
        '$eq',
        '$ne',
        '$gt',
        '$gte',
        '$lt',
        '$lte',
        '$and',
        '$or',
        '$ifNull',
        '$max',
        '$min',
        '$in',
      ),
      pair,
    )
    .map(([operator, args]) => ({ [operator]: args })),
  fc.tuple(present, present).map((args) => ({ $add: args })),
  fc.tuple(strict, fc.tuple(reference, reference)).map(([operator, args]) => ({ [operator]: args })),
  fc
    .tuple(fc.constantFrom('$not', '$type', '$max', '$min'), operand)
    .map(([operator, arg]) => ({ [operator]: arg })),
  fc.tuple(operand, operand, operand).map((args) => ({ $cond: args })),
  fc.record({ p: operand, q: operand }),
  fc.tuple(operand, operand).map((items) => items),
);
const plainPath = path.filter((text) => !text.endsWith('0'));
const one = { minKeys: 1, maxKeys: 1 };
// A document without operators would be fields within, which are refused.
const isNoDocument = (item: unknown) => !BSON.EJSON.stringify(item).startsWith('{"p"');
const computed = fc.dictionary(fc.oneof(field, fc.constant('n')), expression.filter(isNoDocument), one);
const documentStage: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ $set: computed }),
  fc.record({ $unset: field }),
  fc.record({
    $project: fc.oneof(
      fc.dictionary(plainPath, fc.constantFrom(1, true), one),
      fc.dictionary(field, operand, one),
    ),
  }),
  fc.record({ $project: fc.dictionary(field, fc.constant(0), { minKeys: 1, maxKeys: 2 }) }),
  fc.record({ $replaceWith: fc.record({ _id: fc.constant('$_id'), p: expression }) }),
);
const order = fc.dictionary(field, fc.constantFrom<1 | -1>(1, -1), { minKeys: 1, maxKeys: 2 });
const accumulator = fc
  .tuple(fc.constantFrom('$sum', '$min', '$max'), operand)
  .map(([operator, arg]) => ({ [operator]: arg }));
const groupId = fc.oneof(
  operand.map((item) => ({ $ifNull: [item, 'none'] })),
  fc.constant(1),
);
const stage: fc.Arbitrary<Document> = fc.oneof(
  documentStage,
  fc.record({ $group: fc.record({ _id: groupId, n: fc.constant({ $sum: 1 }), v: accumulator }) }),
);

const number = scalar.filter(
  (item) => typeof item === 'number' || item instanceof Double || item instanceof Long,
);
const isNotEmpty = (operand: unknown) => BSON.EJSON.stringify(operand) !== '{}';
const updateOperator: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ $set: fc.dictionary(plainPath, value, one) }),
  fc.record({ $set: fc.dictionary(field, value, { minKeys: 1, maxKeys: 2 }) }),
  fc.record({ $unset: fc.dictionary(field, fc.constant(''), { minKeys: 1, maxKeys: 2 }) }),
  fc.record({ $inc: fc.dictionary(plainPath, number, one) }),
  fc.record({ $min: fc.dictionary(plainPath, value, one) }),
  fc.record({ $max: fc.dictionary(plainPath, value, one) }),
  fc.record({ $pull: fc.dictionary(field, fc.oneof(value, operators).filter(isNotEmpty), one) }),
);
const isExclusion = (one: Document | undefined) =>
  one?.$unset !== undefined || Object.values(one?.$project ?? {}).includes(0);
const mayRefuse = (one: Document | undefined) =>
  /\$(?:add|concat|concatArrays|mergeObjects|in)"/.test(BSON.EJSON.stringify(one));
const pipelineOf = (stages: fc.Arbitrary<Document>) =>
  fc
    .array(stages, { minLength: 1, maxLength: 2 })
    .filter(([first, second]) => second === undefined || !(isExclusion(first) || mayRefuse(first)));
const update = fc.oneof(updateOperator, pipelineOf(documentStage));

function withoutBooleans(q: Document, u: Document): Document {
  const [path] = Object.keys(u.$inc ?? {});
  return path === undefined ? q : { $and: [q, { [path]: { $not: { $type: 'bool' } } }] };
}

/**
 * A command on the collection `items`. Left out is where DocumentDB, on which it is compared, does otherwise than
 * MongoDB's documentation says, or where the documentation leaves it open:
 *
 * - a sort by fields that are equal: no order is promised, so `_id` comes last in each; an empty array in a sort, and
 *   the order of groups and of `distinct`, are not compared either;
 * - `{ $nor: [{}] }` and the like: DocumentDB sees that nothing is found, and does not read the stages after it;
 * - arrays within `$or`: there DocumentDB does not find `[1]` by `[1.0]`, as it does elsewhere;
 * - constants in `$concat`, `$concatArrays` and `$mergeObjects`: DocumentDB refuses them before it looks at a document;
 * - null beside another type in `$add`: MongoDB answers null where null comes first, DocumentDB refuses;
 * - `$inc` of a boolean, which MongoDB refuses and DocumentDB takes for 0 or 1;
 * - `$unset` and `$pull` by paths through arrays, and `{ $pull: { a: {} } }`, which takes only documents from an array
 *   in MongoDB and everything in DocumentDB;
 * - groups of what is missing: DocumentDB keeps them apart from groups of null; and the type of a number that a group or
 *   `distinct` shows, where documents have equal numbers of several types;
 * - a `$project` or `$set` of paths that collide, and a field that an earlier stage left out: refused or read otherwise;
 * - an operator that may refuse a type, with a stage after it: DocumentDB does not run what no later stage reads;
 * - the wording of refusals; and what a refused command with several documents had done before it was refused.
 */
export const command: fc.Arbitrary<Document> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ filter, sort: fc.option(order, { nil: {} }) }).map(({ filter: wanted, sort }) => ({
      find: 'items',
      filter: wanted,
      sort: { ...sort, _id: 1 },
    })),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(filter, pipelineOf(stage)).map(([wanted, stages]) => ({
      aggregate: 'items',
      pipeline: [{ $match: wanted }, ...stages],
      cursor: {},
    })),
  },
  {
    weight: 5,
    arbitrary: fc.record({ filter, update }).map(({ filter: q, update: u }) => ({
      update: 'items',
      updates: [{ q: withoutBooleans(q, u), u, multi: true }],
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ filter, key: path })
      .map(({ filter: query, key }) => ({ distinct: 'items', key, query })),
  },
  { weight: 1, arbitrary: filter.map((q) => ({ delete: 'items', deletes: [{ q, limit: 0 }] })) },
);

/** With the types of BSON unless `relaxed`, and fields in the order of their names. */
export function comparable(item: unknown, relaxed = false): string {
  return JSON.stringify(sortFields(JSON.parse(BSON.EJSON.stringify(item, { relaxed }))));
}

function sortFields(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(sortFields);
  if (item === null || typeof item !== 'object') return item;
  return Object.fromEntries(
    Object.entries(item)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sortFields(part)]),
  );
}
