import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { type Command, documentField, listOf, namespaceOf } from './command.ts';
import { createStatementReader } from './read-statement.ts';
import { runStatements } from './write-result.ts';

const statementFields = new Set(['q', 'limit', 'collation', 'hint']);

export const deleteCommand: Command = {
  writes: true,
  fields: ['deletes', 'ordered', 'let'],
  run(context) {
    const { engine, command } = context;
    const statements = listOf(context, 'deletes');
    const namespace = namespaceOf(context);
    const read = createStatementReader(statementFields);
    let n = 0;
    const writeErrors = runStatements(statements, command.ordered !== false, (item) => {
      const { q, limit, hint } = read(item);
      if (Number(limit) !== 0 && Number(limit) !== 1)
        throw new CommandError('FailedToParse', `The limit field in delete objects must be 0 or 1`);
      const filter = compileFilter(documentField(q, 'q'), documentField(command.let, 'let'));
      engine.assertHint(namespace, hint);
      const found = engine.find(namespace, { filter, order: [], skip: 0, limit: Number(limit) });
      // Found first, removed then: the walk does not see its own removals.
      for (const { recordId, bytes } of [...found]) {
        engine.existing(namespace).remove(recordId, bytes);
        n++;
      }
    });
    return { n, ...(writeErrors.length > 0 && { writeErrors }) };
  },
};
