import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import type { Search } from '../query/find-matches.ts';
import { parseOrder } from '../query/sort-order.ts';
import { isDocument } from '../values/is-document.ts';
import { countField, documentField } from './command.ts';

/** The beginning of a pipeline that an index may serve, and the stages after it. */
export function readPipeline(pipeline: unknown, variables: Document): { search: Search; rest: Document[] } {
  if (!Array.isArray(pipeline)) throw new CommandError('TypeMismatch', "'pipeline' has to be an array");
  const rest = pipeline.map((stage) => {
    if (!isDocument(stage) || Object.keys(stage).length !== 1)
      throw new CommandError(
        'UnrecognizedStage',
        'A pipeline stage specification object must contain exactly one field.',
      );
    return stage;
  });
  const filters: unknown[] = [];
  while (rest[0] !== undefined && '$match' in rest[0]) filters.push(rest.shift()?.$match);
  const take = (name: string): unknown =>
    rest[0] !== undefined && name in rest[0] ? rest.shift()?.[name] : undefined;
  const sort = take('$sort');
  const skip = take('$skip');
  const limit = take('$limit');
  if (limit !== undefined && !(Number(limit) > 0))
    throw new CommandError('BadValue', 'the limit must be positive');
  const parsed = filters.map((filter) => documentField(filter, '$match'));
  return {
    search: {
      filter: compileFilter(parsed.length > 1 ? { $and: parsed } : (parsed[0] ?? {}), variables),
      order: parseOrder(sort),
      skip: countField(skip, '$skip', 0),
      limit: countField(limit, '$limit', 0),
    },
    rest,
  };
}
