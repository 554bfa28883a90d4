import type { Document } from 'bson';
import { Aggregator } from 'mingo/aggregator';
import { concat, type Iterator, Lazy } from 'mingo/lazy';
import type { Options } from 'mingo/types';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { mingoLookup, pipelineOptions } from '../query/pipeline-context.ts';
import { isDocument, setField } from '../values/is-document.ts';
import { valuesAt } from '../values/path-values.ts';
import { toPlain } from '../values/plain-value.ts';
import { type CommandContext, documentField } from './command.ts';
import { map } from './find.ts';
import { readPipeline } from './read-pipeline.ts';

type Lookup = Parameters<ReturnType<typeof mingoLookup>>[1];

/** mingo's options for one pipeline: other collections are read through the engine, by index where there is one. */
export function aggregationOptions({ engine, database, command }: CommandContext): Partial<Options> {
  const findIn = (collection: string, filter: Document): Document[] =>
    Array.from(
      engine.find(`${database}.${collection}`, {
        filter: compileFilter(filter),
        order: [],
        skip: 0,
        limit: 0,
      }),
      ({ document }) => toPlain(document),
    ).filter(isDocument);

  const $lookup = (documents: Iterator, lookup: Lookup, options: Options): Iterator => {
    const { from, localField, foreignField, as } = lookup;
    if (typeof from !== 'string' || !localField || !foreignField || lookup.pipeline || lookup.let)
      return mingoLookup()(documents, lookup, options);
    return documents.map((document: Document) => {
      const local = valuesAt(document, localField.split('.')).flat();
      const wanted = local.length === 0 ? [null] : local.map((value) => value ?? null);
      const joined = { ...document };
      setField(joined, as, findIn(from, { [foreignField]: { $in: wanted } }));
      return joined;
    });
  };

  // mingo's own reads the other collection whole before it looks at the pipeline.
  const $unionWith = (documents: Iterator, union: unknown, options: Options): Iterator => {
    const { coll, pipeline = [] } =
      typeof union === 'string' ? { coll: union } : documentField(union, '$unionWith');
    if (typeof coll !== 'string')
      throw new CommandError('FailedToParse', '$unionWith needs the name of a collection');
    const { search, rest } = readPipeline(pipeline, documentField(command.let, 'let'));
    const found = engine.find(`${database}.${coll}`, search);
    const others = Lazy(map(found, ({ document }) => toPlain(document)));
    return concat(documents, rest.length === 0 ? others : new Aggregator(rest, options).stream(others));
  };

  return {
    ...pipelineOptions({ $lookup, $unionWith }),
    collectionResolver: (collection) => findIn(collection, {}),
    variables: documentField(toPlain(command.let), 'let'),
  };
}
