import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { assertOptions, type Command, countOption, documentOption, namespaceOf } from './command.ts';
import { runItems } from './statements.ts';

const itemOptions = ['q', 'limit'];

export const deleteCommand: Command = {
  writes: true,
  options: ['deletes', 'ordered'],
  itemOptions,
  run(context) {
    const { engine } = context;
    const namespace = namespaceOf(context);
    let n = 0;
    const errors = runItems(context, 'deletes', (statement) => {
      assertOptions(statement, 'deletes', itemOptions);
      const limit = countOption(statement, 'limit', -1);
      if (limit !== 0 && limit !== 1)
        throw new CommandError('FailedToParse', 'The limit field in delete objects must be 0 or 1');
      const filter = compileFilter(documentOption(statement, 'q'));
      // All are found before the first is removed: the search does not see its own removals.
      for (const match of [...engine.find(namespace, { filter, order: [], skip: 0, limit })]) {
        engine.existing(namespace).remove(match);
        n++;
      }
    });
    return { n, ...errors };
  },
};
