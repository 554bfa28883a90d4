import { type Document, isDocument, isNumeric, toNumber, type Value } from '../bson/value.ts';
import { writeDocument } from '../bson/write.ts';
import type { Engine } from '../engine.ts';
import type { PipelineContext } from '../pipeline/stages.ts';
import {
  assertOptions,
  type Command,
  countOption,
  documentOption,
  namespaceOf,
  toNamespace,
} from './command.ts';
import { countMatches } from './count.ts';
import { firstBatchSize, map } from './find.ts';
import { readPipeline } from './read-pipeline.ts';

export const aggregate: Command = {
  writes: false,
  options: ['pipeline', 'cursor'],
  run(context) {
    const { engine, command, database, now } = context;
    const ns = namespaceOf(context);
    const cursor = documentOption(command, 'cursor');
    assertOptions(cursor, 'cursor', ['batchSize']);
    const runOn = (collection: string, pipeline: Value) =>
      runPipeline(engine, toNamespace(database, collection), pipeline, { now, runOn });
    const documents = map(runPipeline(engine, ns, command.get('pipeline'), { now, runOn }), writeDocument);
    const size = countOption(cursor, 'batchSize', firstBatchSize);
    const { id, batch } = engine.cursors.start(ns, documents, { size, single: false });
    return { cursor: { id, ns, firstBatch: batch } };
  },
};

function runPipeline(
  engine: Engine,
  namespace: string,
  pipeline: Value | undefined,
  context: PipelineContext,
): Iterable<Document> {
  const { search, rest } = readPipeline(pipeline);
  const [first, ...others] = rest;
  const name = first?.name === '$group' ? countName(first.spec) : undefined;
  if (name === undefined || others.length > 0)
    return rest.reduce<Iterable<Document>>(
      (documents, { run }) => run(documents, context),
      map(engine.find(namespace, search), ({ document }) => document),
    );
  const count = countMatches(engine, namespace, search);
  return count === 0
    ? []
    : [
        new Map<string, Value>([
          ['_id', name.id],
          [name.name, count],
        ]),
      ];
}

/** The name of the sum when a group does nothing but count, as the driver's `countDocuments` asks. */
function countName(spec: Value): { id: Value; name: string } | undefined {
  const [[idName, id] = [], [name, sum] = [], ...more] = isDocument(spec) ? spec : [];
  const isConstant = idName === '_id' && (id === null || isNumeric(id));
  const one = isDocument(sum) && sum.size === 1 ? sum.get('$sum') : undefined;
  if (!isConstant || more.length > 0 || name === undefined || !isNumeric(one) || toNumber(one) !== 1)
    return undefined;
  return { id, name };
}
