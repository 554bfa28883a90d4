import type { Answer } from '../bson/write.ts';
import { CommandError, unsupported } from '../command-error.ts';
import type { Engine } from '../engine.ts';
import type { Request } from '../wire/message.ts';
import { aggregate } from './aggregate.ts';
import { bulkWrite } from './bulk-write.ts';
import { drop, dropDatabase, listCollections } from './collections.ts';
import { assertOptions, assertWriteConcern, type Command, commonOptions } from './command.ts';
import { explain } from './explain.ts';
import { count, distinct, find, getMore, killCursors } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import { hello, ping } from './handshake.ts';
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts';
import { deleteCommand, insert, update } from './writes.ts';

export const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    aggregate,
    bulkWrite,
    count,
    createIndexes,
    delete: deleteCommand,
    distinct,
    drop,
    dropDatabase,
    dropIndexes,
    explain,
    find,
    findAndModify,
    getMore,
    hello,
    insert,
    ismaster: hello,
    killCursors,
    listCollections,
    listIndexes,
    ping,
    update,
  }),
);

const nameOf = ({ command }: Request) => command.keys().next().value ?? '';

export function isWrite(request: Request): boolean {
  return commands.get(nameOf(request))?.writes ?? false;
}

/** The answer may be an error. @throws Error for a fault: the transaction has to be rolled back */
export function runRequest(engine: Engine, request: Request, now: Date): Answer {
  const { command, sequences } = request;
  const name = nameOf(request);
  try {
    const known = commands.get(name);
    if (known === undefined) throw unsupported(`the command '${name}'`, 'CommandNotSupported');
    const database = command.get('$db');
    if (typeof database !== 'string' || database === '')
      throw new CommandError('FailedToParse', 'OP_MSG requests require a $db argument');
    assertOptions(command, name, [name, ...commonOptions, ...known.options]);
    assertWriteConcern(command);
    const context = { engine, command, name, database, sequences, now };
    return { ...known.run(context), ok: 1 };
  } catch (error) {
    return refusal(error);
  }
}

/** @throws the error if it is a fault */
export function refusal(error: unknown): Answer {
  if (!(error instanceof CommandError)) throw error;
  const { code, codeName, message, details } = error;
  return { ok: 0, errmsg: message, code, codeName, ...details };
}
