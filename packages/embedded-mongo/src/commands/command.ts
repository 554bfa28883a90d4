import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import type { Engine } from '../engine.ts';
import { isDocument } from '../values/is-document.ts';

/** What a command is run with. */
export type CommandContext = {
  engine: Engine;
  /** The command, every value as its BSON type. */
  command: Document;
  /** Its first field's name. */
  name: string;
  database: string;
  sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  now: Date;
};

/** A command of MongoDB's as this store knows it. */
export type Command = {
  /** Whether it has to run in a transaction. */
  writes: boolean;
  /** The fields that it understands; any other is refused. */
  fields: readonly string[];
  /** @returns the answer, or its bytes; a missing `ok` means 1 */
  run(context: CommandContext): Document | Uint8Array;
};

/** Fields of every command. Those that ask for less than this store gives anyway are read over. */
const commonFields = new Set([
  '$db',
  '$readPreference',
  '$clusterTime',
  'lsid',
  'comment',
  'maxTimeMS',
  'readConcern',
  'writeConcern',
]);

/** @throws CommandError for a field that would have changed the result and is not known here */
export function assertKnownFields({ command, name }: CommandContext, fields: readonly string[]): void {
  if (command.txnNumber !== undefined || command.startTransaction !== undefined)
    throw new CommandError('IllegalOperation', 'Transactions are not supported by the embedded store');
  for (const field of Object.keys(command))
    if (field !== name && !commonFields.has(field) && !fields.includes(field))
      throw new CommandError('UnknownField', `BSON field '${name}.${field}' is an unknown field.`);
  assertCollation(command.collation);
  assertConcerns(command);
}

/** @throws CommandError for any collation but the simple one */
export function assertCollation(collation: unknown): void {
  if (collation === undefined || (isDocument(collation) && collation.locale === 'simple')) return;
  throw new CommandError(
    'CommandNotSupported',
    'the embedded store compares text byte by byte, without collation',
  );
}

function assertConcerns({ writeConcern, readConcern }: Document): void {
  const w: unknown = isDocument(writeConcern) ? writeConcern.w : undefined;
  if (w !== undefined && w !== 'majority' && !(Number(w) <= 1))
    throw new CommandError('BadValue', "cannot use 'w' > 1 when a host is not replicated");
  const level: unknown = isDocument(readConcern) ? readConcern.level : undefined;
  if (level !== undefined && !['local', 'available', 'majority'].includes(String(level)))
    throw new CommandError('InvalidOptions', `read concern ${String(level)} needs a replica set`);
}

/** The namespace (`database.collection`) that a command is about. @throws CommandError InvalidNamespace */
export function namespaceOf({ command, name, database }: CommandContext): string {
  const collection: unknown = command[name];
  if (
    typeof collection !== 'string' ||
    collection === '' ||
    /^\.|\0|\$|\.$/.test(collection) ||
    !/^[^/\\. "$\0]{1,63}$/.test(database) ||
    database.length + collection.length > 254
  )
    throw new CommandError(
      'InvalidNamespace',
      `Invalid namespace specified '${database}.${String(collection)}'`,
    );
  return `${database}.${collection}`;
}

/** The documents of a list that stands in the command or came beside it. */
export function listOf({ command, sequences }: CommandContext, field: string): readonly unknown[] {
  const list: unknown = sequences.get(field) ?? command[field];
  if (!Array.isArray(list)) throw new CommandError('TypeMismatch', `'${field}' has to be an array`);
  if (list.length === 0 || list.length > 100_000)
    throw new CommandError(
      'BadValue',
      `Write batch sizes must be between 1 and 100000. Got ${list.length} operations.`,
    );
  return list;
}

/** A field that is a document, or `{}` when it is missing. @throws CommandError TypeMismatch */
export function documentField(value: unknown, name: string): Document {
  if (value === undefined || value === null) return {};
  if (!isDocument(value)) throw new CommandError('TypeMismatch', `'${name}' has to be a document`);
  return value;
}

/** A whole number, not negative. @throws CommandError TypeMismatch, BadValue */
export function countField(value: unknown, name: string, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  const number = typeof value === 'object' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new CommandError('TypeMismatch', `'${name}' has to be a number`);
  if (number < 0) throw new CommandError('BadValue', `'${name}' must not be negative: ${number}`);
  return Math.floor(number);
}
