import { CommandError } from '../command-error.ts';
import type { Examined, Search } from '../query/find-matches.ts';
import { planQuery } from '../query/plan.ts';
import { type Command, type CommandContext, documentOption, namespaceOf } from './command.ts';
import { searchOf } from './find.ts';
import { readPipeline } from './read-pipeline.ts';

/** Runs a search and says which index it used and how much it looked at. */
export const explain: Command = {
  writes: false,
  options: ['verbosity'],
  run(context) {
    const command = documentOption(context.command, 'explain');
    const [name = ''] = command.keys();
    const inner = { ...context, command, name };
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
          direction: plan?.isBackwards === true ? 'backward' : 'forward',
          sortedInMemory: plan?.isSorted === false,
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
  switch (context.name) {
    case 'aggregate':
      return readPipeline(context.command.get('pipeline')).search;
    case 'find':
      return searchOf(context, 'filter');
    case 'count':
    case 'distinct':
      return searchOf(context, 'query');
    case 'findAndModify':
      return { ...searchOf(context, 'query'), limit: 1 };
    default:
      throw new CommandError('CommandNotSupported', `embedded-mongo cannot explain '${context.name}'`);
  }
}
