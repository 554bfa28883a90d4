import { valueIdentity } from '../bson/key.ts';
import { type Document, isDocument, isNumeric, toNumber, type Value } from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { compileAdditions, compileProjection, compileRemovals } from '../query/projection.ts';
import { parseOrder, sortKeys } from '../query/sort-order.ts';
import { accumulators } from './accumulators.ts';
import { compileExpression, type Scope } from './expression.ts';

/** What a pipeline runs with. */
export type PipelineContext = {
  now: Date;
  /** Runs a pipeline on another collection of the database. */
  runOn(collection: string, pipeline: Value): Iterable<Document>;
};

export type Stage = (documents: Iterable<Document>, context: PipelineContext) => Iterable<Document>;

type Change = (document: Document, scope: Scope) => Document;

const perDocument = (change: Change): Stage =>
  function* (documents, { now }) {
    for (const document of documents) yield change(document, { root: document, now });
  };

/** Stages that change one document: an update may have these, and only these. */
export const documentStages: Record<string, (spec: Value) => Change> = {
  $set: compileAdditions,
  $addFields: compileAdditions,
  $unset: compileRemovals,
  $project(spec) {
    if (!isDocument(spec) || spec.size === 0)
      throw new CommandError('BadValue', 'the $project specification must be a document with a field');
    return compileProjection(spec);
  },
  $replaceWith: replaceRoot,
  $replaceRoot(spec) {
    if (!isDocument(spec) || spec.size !== 1 || !spec.has('newRoot'))
      throw new CommandError('BadValue', '$replaceRoot needs newRoot and nothing else');
    return replaceRoot(spec.get('newRoot') ?? null);
  },
};

function replaceRoot(spec: Value): Change {
  const expression = compileExpression(spec);
  return (_, scope) => {
    const root = expression(scope);
    if (!isDocument(root))
      throw new CommandError('BadValue', "'newRoot' expression must evaluate to an object");
    return root;
  };
}

const collectionStages: Record<string, (spec: Value) => Stage> = {
  $match(spec) {
    const { test } = compileFilter(documentOf(spec, '$match'));
    return function* (documents) {
      for (const document of documents) if (test(document)) yield document;
    };
  },
  $sort(spec) {
    const order = parseOrder(spec);
    if (order.length === 0) throw new CommandError('BadValue', '$sort stage must have at least one sort key');
    const keyOf = sortKeys(order);
    return (documents) =>
      Array.from(documents, (document) => ({ document, key: keyOf(document) }))
        .sort((a, b) => Buffer.compare(a.key, b.key))
        .map(({ document }) => document);
  },
  $skip(spec) {
    const count = stageCount(spec, '$skip');
    return function* (documents) {
      let at = 0;
      for (const document of documents) if (at++ >= count) yield document;
    };
  },
  $limit(spec) {
    const count = stageCount(spec, '$limit');
    if (count === 0) throw new CommandError('BadValue', 'the limit must be positive');
    return function* (documents) {
      let left = count;
      for (const document of documents) {
        yield document;
        if (--left === 0) return;
      }
    };
  },
  $group: compileGroup,
  $count(spec) {
    if (typeof spec !== 'string' || spec === '' || /^\$|[.\0]/.test(spec))
      throw new CommandError(
        'BadValue',
        'the count field must be a non-empty string without $, . and null bytes',
      );
    return function* (documents) {
      let count = 0;
      for (const _ of documents) count++;
      if (count > 0) yield new Map([[spec, count]]);
    };
  },
  $unionWith(spec) {
    const named: Document =
      typeof spec === 'string' ? new Map([['coll', spec]]) : documentOf(spec, '$unionWith');
    const collection = named.get('coll');
    if (
      typeof collection !== 'string' ||
      [...named.keys()].some((name) => !['coll', 'pipeline'].includes(name))
    )
      throw new CommandError('FailedToParse', '$unionWith needs coll, may have a pipeline, and nothing else');
    return function* (documents, { runOn }) {
      yield* documents;
      yield* runOn(collection, named.get('pipeline') ?? []);
    };
  },
};

export const stageNames = [...Object.keys(documentStages), ...Object.keys(collectionStages)];

/** A stage's name and its argument. @throws CommandError when it has not exactly one name */
export function readStage(stage: Value): [name: string, spec: Value] {
  const [field, ...others] = isDocument(stage) ? stage : [];
  if (field === undefined || others.length > 0)
    throw new CommandError(
      'UnrecognizedStage',
      'A pipeline stage specification object must contain exactly one field.',
    );
  return field;
}

/** @throws CommandError UnrecognizedStage that names a stage which is not supported */
export function compileStage(stage: Value): Stage {
  const [name, spec] = readStage(stage);
  const change = documentStages[name];
  if (change !== undefined) return perDocument(change(spec));
  const compile = collectionStages[name];
  if (compile === undefined)
    throw new CommandError(
      'UnrecognizedStage',
      `Unrecognized pipeline stage name: '${name}'. embedded-mongo does not support it`,
    );
  return compile(spec);
}

function compileGroup(spec: Value): Stage {
  const parts = documentOf(spec, '$group');
  const id = parts.get('_id');
  if (id === undefined) throw new CommandError('BadValue', 'a group specification must include an _id');
  const groupId = compileExpression(id);
  const fields = [...parts].filter(([name]) => name !== '_id').map(readAccumulator);
  return function* (documents, { now }) {
    const groups = new Map<string, { id: Value; states: ReturnType<(typeof fields)[number]['start']>[] }>();
    for (const root of documents) {
      const scope = { root, now };
      const value = groupId(scope) ?? null;
      const identity = valueIdentity(value);
      let group = groups.get(identity);
      if (group === undefined) {
        group = { id: value, states: fields.map(({ start }) => start()) };
        groups.set(identity, group);
      }
      for (const [at, { expression }] of fields.entries()) group.states[at]?.add(expression(scope));
    }
    for (const group of groups.values())
      yield new Map<string, Value>([
        ['_id', group.id],
        ...fields.map(({ name }, at): [string, Value] => [name, group.states[at]?.result() ?? null]),
      ]);
  };
}

function readAccumulator([name, spec]: [string, Value]) {
  const [operator = '', ...others] = isDocument(spec) ? spec.keys() : [];
  const start = accumulators[operator];
  if (!isDocument(spec) || others.length > 0 || name.startsWith('$') || name.includes('.'))
    throw new CommandError('BadValue', `The field '${name}' must be an accumulator object`);
  if (start === undefined)
    throw new CommandError(
      'BadValue',
      `unknown group operator '${operator}': embedded-mongo does not support it`,
    );
  return { name, start, expression: compileExpression(spec.get(operator) ?? null) };
}

function documentOf(spec: Value, name: string): Document {
  if (!isDocument(spec)) throw new CommandError('TypeMismatch', `${name} needs a document`);
  return spec;
}

/** A whole number that is not negative. */
export function stageCount(spec: Value, name: string): number {
  const count = isNumeric(spec) ? toNumber(spec) : Number.NaN;
  if (!Number.isInteger(count) || count < 0)
    throw new CommandError('BadValue', `${name} needs a whole number that is not negative`);
  return count;
}
