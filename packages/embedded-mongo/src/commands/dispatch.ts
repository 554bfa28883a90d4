import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import type { Engine } from '../engine.ts';
import type { Request } from '../wire/message.ts';
import { aggregate } from './aggregate.ts';
import { create, drop, dropDatabase, listCollections, listDatabases } from './collections.ts';
import { assertKnownFields, type Command } from './command.ts';
import { count, distinct } from './count.ts';
import { deleteCommand } from './delete.ts';
import { explain } from './explain.ts';
import { find, getMore, killCursors } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import { buildInfo, endSessions, hello, ping } from './handshake.ts';
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts';
import { insert } from './insert.ts';
import { update } from './update.ts';

const commands = new Map<string, Command>(
  Object.entries({
    aggregate,
    buildInfo,
    buildinfo: buildInfo,
    count,
    create,
    createIndexes,
    delete: deleteCommand,
    distinct,
    drop,
    dropDatabase,
    dropIndexes,
    endSessions,
    explain,
    find,
    findAndModify,
    findandmodify: findAndModify,
    getMore,
    hello,
    insert,
    isMaster: hello,
    ismaster: hello,
    killCursors,
    listCollections,
    listDatabases,
    listIndexes,
    ping,
    update,
  }),
);

/** Whether a request has to run in a transaction. */
export function isWrite({ command }: Request): boolean {
  return commands.get(Object.keys(command)[0] ?? '')?.writes ?? false;
}

/**
 * Runs a request.
 *
 * @returns the answer; a refusal is one too
 * @throws Error that is no refusal but a fault: the transaction has to be undone
 */
export function runRequest(engine: Engine, request: Request, now: Date): Document | Uint8Array {
  const { command, sequences } = request;
  const name = Object.keys(command)[0] ?? '';
  try {
    const known = commands.get(name);
    if (known === undefined) throw new CommandError('CommandNotFound', `no such command: '${name}'`);
    const database: unknown = command.$db;
    if (typeof database !== 'string' || database === '')
      throw new CommandError('FailedToParse', 'OP_MSG requests require a $db argument');
    const context = { engine, command, name, database, sequences, now };
    assertKnownFields(context, known.fields);
    const answer = known.run(context);
    return answer instanceof Uint8Array ? answer : { ...answer, ok: 1 };
  } catch (error) {
    return refusal(error);
  }
}

/** What a client is told of a refusal. @throws the error when it is none */
export function refusal(error: unknown): Document {
  if (!(error instanceof CommandError)) throw error;
  const { code, codeName, message, details } = error;
  return { ok: 0, errmsg: message, code, codeName, ...details };
}
