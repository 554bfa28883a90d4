import { add, numberOf } from '../bson/arithmetic.ts';
import { expectDocument, expectText } from '../bson/expect-type.ts';
import { valueIdentity } from '../bson/key.ts';
import { type Document, isDocument, type Value } from '../bson/value.ts';
import { badValue, CommandError, unsupported } from '../command-error.ts';
import { compileAdditions, compileProjection, compileRemovals } from '../query/projection.ts';
import { compileExpression, extremeOf, type Scope } from './expression.ts';

export type PipelineContext = {
  now: Date;
  runOn(collection: string, pipeline: Value): Iterable<Document>;
};

export type Stage = (documents: Iterable<Document>, context: PipelineContext) => Iterable<Document>;

type Change = (document: Document, scope: Scope) => Document;

const perDocument = (change: Change): Stage =>
  function* (documents, { now }) {
    for (const document of documents) yield change(document, { root: document, now });
  };

/** Only these stages are allowed in an update. */
export const documentStages: Record<string, (spec: Value) => Change> = {
  $set: compileAdditions,
  $addFields: compileAdditions,
  $unset: compileRemovals,
  $project(spec) {
    if (isDocument(spec) && spec.size === 0) throw badValue('$project needs a field');
    return compileProjection(expectDocument(spec, '$project'));
  },
  $replaceWith(spec) {
    const expression = compileExpression(spec);
    return (_, scope) => expectDocument(expression(scope), 'the result of $replaceWith');
  },
};

const collectionStages: Record<string, (spec: Value) => Stage> = {
  $group: compileGroup,
  $unionWith(spec) {
    const { coll, pipeline, ...others } = Object.fromEntries(
      typeof spec === 'string' ? [['coll', spec]] : expectDocument(spec, '$unionWith'),
    );
    const [other] = Object.keys(others);
    if (other !== undefined) throw unsupported(`'${other}' in $unionWith`);
    const collection = expectText(coll, "'coll'");
    return function* (documents, { runOn }) {
      yield* documents;
      yield* runOn(collection, pipeline ?? []);
    };
  },
};

/** A pipeline may begin with these in this order, `$match` more than once. An index may serve them. */
export const leadingStages = ['$match', '$sort', '$skip', '$limit'];
export const laterStages = [...Object.keys(documentStages), ...Object.keys(collectionStages)];

/** @throws CommandError unless the stage has exactly one name */
export function readStage(stage: Value): [name: string, spec: Value] {
  const [field, ...others] = isDocument(stage) ? stage : [];
  if (field === undefined || others.length > 0)
    throw new CommandError('UnrecognizedStage', 'a stage of a pipeline has exactly one field');
  return field;
}

/** @throws CommandError UnrecognizedStage that names an unsupported stage */
export function compileStage(name: string, spec: Value): Stage {
  const change = documentStages[name];
  if (change !== undefined) return perDocument(change(spec));
  const compile = collectionStages[name];
  if (compile === undefined)
    throw unsupported(
      leadingStages.includes(name) ? `${name} at this place of a pipeline` : `the stage ${name}`,
      'UnrecognizedStage',
    );
  return compile(spec);
}

/** `group` is `undefined` for the first document, `value` when it is missing. */
type Accumulator = (group: Value | undefined, value: Value | undefined) => Value;

/** @see https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/ */
export const accumulators: Record<string, Accumulator> = {
  $sum: (group, value) => add(numberOf(group) ?? 0, numberOf(value) ?? 0),
  $first: (group, value) => (group === undefined ? (value ?? null) : group),
  $min: (group, value) => extremeOf([group, value], 1),
  $max: (group, value) => extremeOf([group, value], -1),
};

function compileGroup(spec: Value): Stage {
  const parts = expectDocument(spec, '$group');
  const id = parts.get('_id');
  if (id === undefined) throw badValue('$group needs an _id');
  const groupId = compileExpression(id);
  const fields = [...parts].filter(([name]) => name !== '_id').map(readAccumulator);
  return function* (documents, { now }) {
    const groups = new Map<string, Document>();
    for (const root of documents) {
      const scope = { root, now };
      const value = groupId(scope) ?? null;
      const identity = valueIdentity(value);
      const group = groups.get(identity) ?? new Map([['_id', value]]);
      groups.set(identity, group);
      for (const { name, accumulate, expression } of fields)
        group.set(name, accumulate(group.get(name), expression(scope)));
    }
    yield* groups.values();
  };
}

function readAccumulator([name, spec]: [string, Value]) {
  const [[operator, operand] = ['', null], ...others] = isDocument(spec) ? spec : [];
  const accumulate = accumulators[operator];
  if (others.length > 0 || name.startsWith('$') || name.includes('.'))
    throw badValue(`the field '${name}' of $group must be an accumulator`);
  if (accumulate === undefined) throw unsupported(`the accumulator '${operator}'`);
  return { name, accumulate, expression: compileExpression(operand) };
}
