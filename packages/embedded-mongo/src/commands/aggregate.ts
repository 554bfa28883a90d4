import { expectArray, expectCount, expectDocument } from '../bson/expect-type.ts';
import { type Document, isDocument, type Value } from '../bson/value.ts';
import { writeDocument } from '../bson/write.ts';
import { badValue } from '../command-error.ts';
import type { Engine } from '../engine.ts';
import { compileStage, type PipelineContext, readStage, type Stage } from '../pipeline/stages.ts';
import { compileFilter } from '../query/filter.ts';
import type { Search } from '../query/find-matches.ts';
import { parseOrder } from '../query/sort-order.ts';
import {
  assertOptions,
  type Command,
  countOption,
  documentOption,
  namespaceOf,
  toNamespace,
} from './command.ts';
import { firstBatchSize, map } from './find.ts';

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
  const isCount = isDocument(rest[0]?.spec) && writeDocument(rest[0].spec).equals(countSpec);
  const found = map(engine.find(namespace, search), (match) => (isCount ? emptyDocument : match.document));
  return rest.reduce<Iterable<Document>>((documents, { run }) => run(documents, context), found);
}

/** The `$group` of the driver's `countDocuments`, which reads nothing of a document. */
const countSpec = writeDocument({ _id: 1, n: { $sum: 1 } });
const emptyDocument: Document = new Map();

type Pipeline = { search: Search; rest: readonly { spec: Value; run: Stage }[] };

/** @throws CommandError that names what is not supported */
export function readPipeline(pipeline: Value | undefined): Pipeline {
  const stages = expectArray(pipeline, "'pipeline'").map(readStage);
  const take = (name: string) => (stages[0]?.[0] === name ? stages.shift()?.[1] : undefined);
  const filters: Document[] = [];
  for (let filter = take('$match'); filter !== undefined; filter = take('$match'))
    filters.push(expectDocument(filter, '$match'));
  const [sort, skip, limit] = ['$sort', '$skip', '$limit'].map(take);
  if (limit !== undefined && expectCount(limit, '$limit') === 0) throw badValue('$limit must be positive');
  return {
    search: {
      filter: compileFilter(filters.length > 1 ? new Map([['$and', filters]]) : (filters[0] ?? new Map())),
      order: parseOrder(sort),
      skip: expectCount(skip ?? 0, '$skip'),
      limit: expectCount(limit ?? 0, '$limit'),
    },
    rest: stages.map(([name, spec]) => ({ spec, run: compileStage(name, spec) })),
  };
}
