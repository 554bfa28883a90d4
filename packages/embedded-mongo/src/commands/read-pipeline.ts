import { type Document, isDocument, type Value } from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import { compileStage, readStage, type Stage, stageCount } from '../pipeline/stages.ts';
import { compileFilter } from '../query/filter.ts';
import type { Search } from '../query/find-matches.ts';
import { parseOrder } from '../query/sort-order.ts';

/** The beginning of a pipeline, which an index may serve, and the stages after it. */
export type Pipeline = { search: Search; rest: readonly { name: string; spec: Value; run: Stage }[] };

/** @throws CommandError that names what is not supported */
export function readPipeline(pipeline: Value | undefined): Pipeline {
  if (!Array.isArray(pipeline)) throw new CommandError('TypeMismatch', "'pipeline' has to be an array");
  const rest = pipeline.map((stage) => {
    const [name, spec] = readStage(stage);
    return { name, spec, run: compileStage(stage) };
  });
  const take = (name: string) => (rest[0]?.name === name ? rest.shift()?.spec : undefined);
  const filters: Document[] = [];
  for (let filter = take('$match'); isDocument(filter); filter = take('$match')) filters.push(filter);
  const order = parseOrder(take('$sort'));
  const skip = take('$skip');
  const limit = take('$limit');
  return {
    search: {
      filter: compileFilter(filters.length > 1 ? new Map([['$and', filters]]) : (filters[0] ?? new Map())),
      order,
      skip: skip === undefined ? 0 : stageCount(skip, '$skip'),
      limit: limit === undefined ? 0 : stageCount(limit, '$limit'),
    },
    rest,
  };
}
