import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';

/**
 * Runs the statements of a write command one after the other. A refused one is reported by its position; `ordered`
 * ends the command there.
 */
export function runStatements(
  statements: readonly unknown[],
  ordered: boolean,
  run: (statement: unknown, index: number) => void,
): Document[] {
  const writeErrors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.details });
      if (ordered) break;
    }
  }
  return writeErrors;
}
