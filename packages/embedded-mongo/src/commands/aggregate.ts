import { type Document, serialize } from 'bson';
import { Aggregator } from 'mingo/aggregator';
import { refusing, withRegExps } from '../query/filter.ts';
import { isDocument } from '../values/is-document.ts';
import { toPlain } from '../values/plain-value.ts';
import { cursorAnswer } from '../wire/raw-bson.ts';
import { aggregationOptions } from './aggregation-options.ts';
import { type Command, type CommandContext, countField, documentField, namespaceOf } from './command.ts';
import { countMatches } from './count.ts';
import { firstBatchSize, map } from './find.ts';
import { readPipeline } from './read-pipeline.ts';

export const aggregate: Command = {
  writes: false,
  fields: ['pipeline', 'cursor', 'allowDiskUse', 'bypassDocumentValidation', 'collation', 'hint', 'let'],
  run(context) {
    const { engine, command, database, now } = context;
    const onDatabase = Number(command.aggregate) === 1;
    const namespace = onDatabase ? `${database}.$cmd.aggregate` : namespaceOf(context);
    if (!onDatabase) engine.assertHint(namespace, command.hint);
    const { size, documents } = resultsOf(context, namespace);
    const { id, batch } = engine.cursors.start(namespace, documents, {
      size,
      single: false,
      expires: true,
      now,
    });
    return cursorAnswer({ id, ns: namespace }, 'firstBatch', batch);
  },
};

function resultsOf(
  context: CommandContext,
  namespace: string,
): { size: number; documents: Iterator<Uint8Array> } {
  const { engine, command } = context;
  const size = countField(documentField(command.cursor, 'cursor').batchSize, 'batchSize', firstBatchSize);
  const { search, rest } = readPipeline(command.pipeline, documentField(command.let, 'let'));
  const matches = engine.find(namespace, search);
  const total = countName(rest);
  if (total !== undefined)
    return { size, documents: counted(countMatches(engine, namespace, search), total) };
  if (rest.length === 0) return { size, documents: map(matches, ({ bytes }) => bytes) };
  const options = aggregationOptions(context);
  const results = refusing(() =>
    new Aggregator(rest.map((stage) => toPlain(withRegExps(stage))).filter(isDocument), options).stream(
      map(matches, ({ document }) => toPlain(document)),
    ),
  );
  return { size, documents: serialized(results) };
}

function* serialized(results: { next(): { value?: unknown; done: boolean } }): Generator<Uint8Array, void> {
  for (;;) {
    const { value, done } = refusing(() => results.next());
    if (done) return;
    yield serialize(documentField(value, 'result'), { ignoreUndefined: true });
  }
}

/** The name of the sum when all that is left to do is to count, as the driver's `countDocuments` asks. */
function countName(rest: readonly Document[]): { _id: unknown; name: string } | undefined {
  const [stage, ...others] = rest;
  if (others.length > 0 || !isDocument(stage?.$group)) return undefined;
  const { _id, ...sums } = stage.$group;
  const [name, ...more] = Object.keys(sums);
  const isCount = name !== undefined && isDocument(sums[name]) && Number(sums[name].$sum) === 1;
  const isConstant = _id === null || typeof _id === 'number' || (isDocument(_id) ? false : Number(_id) === 1);
  return isCount && isConstant && more.length === 0 ? { _id, name } : undefined;
}

function* counted(total: number, { _id, name }: { _id: unknown; name: string }): Generator<Uint8Array, void> {
  if (total > 0) yield serialize({ _id, [name]: total });
}
