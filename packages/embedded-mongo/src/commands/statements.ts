import { readDocument } from '../bson/read.ts';
import { type Document, isDocument, type Value } from '../bson/value.ts';
import type { Answer } from '../bson/write.ts';
import { CommandError } from '../command-error.ts';
import { type CommandContext, flagOption, listOf } from './command.ts';

/**
 * Runs the items of a write command one after the other. A refused one is reported by its position; `ordered` ends the
 * command there.
 */
export function runItems(
  context: CommandContext,
  field: string,
  run: (item: Document, index: number, bytes: Buffer | undefined) => void,
): { writeErrors?: Answer[] } {
  const ordered = flagOption(context.command, 'ordered', true);
  const writeErrors: Answer[] = [];
  for (const [index, item] of listOf(context, field).entries()) {
    try {
      run(toDocument(item, field), index, Buffer.isBuffer(item) ? item : undefined);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.details });
      if (ordered) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

export function toDocument(item: Value | Buffer, field: string): Document {
  if (Buffer.isBuffer(item)) return readDocument(item);
  if (!isDocument(item)) throw new CommandError('TypeMismatch', `'${field}' has to be a list of documents`);
  return item;
}
