import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import type { Examined, Search } from '../query/find-matches.ts';
import { planQuery } from '../query/plan.ts';
import { parseOrder } from '../query/sort-order.ts';
import { type Command, type CommandContext, documentField, namespaceOf } from './command.ts';
import { searchOf } from './find.ts';
import { readPipeline } from './read-pipeline.ts';

/** Searches as the command would, changes nothing, and tells which way it took and what it looked at. */
export const explain: Command = {
  writes: false,
  fields: ['verbosity'],
  run(context) {
    const command = documentField(context.command.explain, 'explain');
    const inner = { ...context, command, name: Object.keys(command)[0] ?? '' };
    const namespace = namespaceOf(inner);
    const search = searchFor(inner);
    const collection = context.engine.catalog.find(namespace);
    const plan = collection && planQuery(collection, search.filter, search.order);
    const examined: Examined = { keys: 0, documents: 0 };
    let nReturned = 0;
    for (const _ of context.engine.find(namespace, search, examined)) nReturned++;
    return {
      queryPlanner: {
        namespace,
        winningPlan: {
          stage: plan?.index === undefined ? 'COLLSCAN' : 'IXSCAN',
          ...(plan?.index !== undefined && { indexName: plan.index.record.name }),
          direction: plan?.backwards === true ? 'backward' : 'forward',
          sortedInMemory: plan?.sorted === false,
        },
      },
      executionStats: {
        nReturned,
        totalKeysExamined: examined.keys,
        totalDocsExamined: examined.documents,
      },
    };
  },
};

function searchFor(context: CommandContext): Search {
  const { command, name } = context;
  if (name === 'aggregate') return readPipeline(command.pipeline, documentField(command.let, 'let')).search;
  if (name === 'findAndModify' || name === 'findandmodify')
    return {
      filter: compileFilter(documentField(command.query, 'query')),
      order: parseOrder(command.sort),
      skip: 0,
      limit: 1,
    };
  if (name === 'find' || name === 'count' || name === 'distinct') return searchOf(context);
  throw new CommandError('CommandNotSupported', `the embedded store cannot explain '${name}'`);
}
