import { unsupported } from '../command-error.ts';
import type { Examined } from '../query/find-matches.ts';
import { planQuery } from '../query/plan.ts';
import { readPipeline } from './aggregate.ts';
import { type Command, documentOption, namespaceOf } from './command.ts';
import { searchOf } from './find.ts';

/** Says which index a `find` or an `aggregate` used, and how much it looked at. */
export const explain: Command = {
  writes: false,
  options: ['verbosity'],
  run(context) {
    const { engine } = context;
    const command = documentOption(context.command, 'explain');
    const [name = ''] = command.keys();
    if (name !== 'find' && name !== 'aggregate')
      throw unsupported(`explaining '${name}'`, 'CommandNotSupported');
    const inner = { ...context, command, name };
    const namespace = namespaceOf(inner);
    const search = name === 'find' ? searchOf(inner, 'filter') : readPipeline(command.get('pipeline')).search;
    const collection = engine.catalog.find(namespace);
    const plan = collection && planQuery(collection, search.filter, search.order);
    const indexName = plan?.index?.record.name;
    const examined: Examined = { keys: 0, documents: 0 };
    const nReturned = [...engine.find(namespace, search, examined)].length;
    return {
      queryPlanner: {
        namespace,
        winningPlan: {
          stage: indexName === undefined ? 'COLLSCAN' : 'IXSCAN',
          indexName,
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
