import { expectArray, expectCount, expectDocument } from '../bson/expect-type.ts';
import { type Document, isNumeric, toNumber, type Value } from '../bson/value.ts';
import type { Answer } from '../bson/write.ts';
import { badValue, CommandError, unsupported } from '../command-error.ts';
import type { Engine } from '../engine.ts';
import { isTrue } from '../query/operators.ts';

export type CommandContext = {
  engine: Engine;
  command: Document;
  name: string;
  database: string;
  sequences: ReadonlyMap<string, readonly Buffer[]>;
  now: Date;
};

export type Command = {
  writes: boolean;
  options: readonly string[];
  itemOptions?: readonly string[];
  /** @returns the answer; a missing `ok` means 1 */
  run(context: CommandContext): Answer;
};

/** `comment` changes no result. */
export const commonOptions = ['$db', 'comment', 'writeConcern'];

/** @throws CommandError that names an unsupported option */
export function assertOptions(document: Document, name: string, options: readonly string[]): void {
  for (const field of document.keys())
    if (!options.includes(field)) throw unsupported(`the field '${name}.${field}'`, 'UnknownField');
}

/** @throws CommandError for a guarantee that this database cannot give */
export function assertWriteConcern(command: Document): void {
  const w = documentOption(command, 'writeConcern').get('w');
  if (w !== undefined && w !== 'majority' && !(isNumeric(w) && toNumber(w) <= 1))
    throw badValue("cannot use 'w' > 1 when a host is not replicated");
}

/** Returns `database.collection`. @throws CommandError InvalidNamespace */
export function namespaceOf({ command, name, database }: CommandContext): string {
  return toNamespace(database, command.get(name));
}

export function toNamespace(database: string, collection: Value | undefined): string {
  if (
    typeof collection !== 'string' ||
    collection === '' ||
    /^\.|\0|\$|\.$/.test(collection) ||
    !/^[^/\\. "$\0]{1,63}$/.test(database) ||
    database.length + collection.length > 254
  )
    throw unsupported(`the namespace '${database}.${String(collection)}'`, 'InvalidNamespace');
  return `${database}.${collection}`;
}

export function listOf({ command, sequences }: CommandContext, field: string): readonly (Value | Buffer)[] {
  const list = sequences.get(field) ?? expectArray(command.get(field), `'${field}'`);
  if (list.length === 0 || list.length > 100_000)
    throw badValue(`Write batch sizes must be between 1 and 100000. Got ${list.length} operations.`);
  return list;
}

/** Returns an empty document if the option is missing. @throws CommandError TypeMismatch */
export function documentOption(options: Document, name: string): Document {
  return expectDocument(options.get(name) ?? new Map(), `'${name}'`);
}

/** Reads a whole number from 0 up. @throws CommandError TypeMismatch, BadValue */
export function countOption(options: Document, name: string, fallback: number): number {
  const value = options.get(name) ?? null;
  return value === null ? fallback : expectCount(value, `'${name}'`);
}

/** Reads a boolean or, as MongoDB allows, a number. @throws CommandError TypeMismatch */
export function flagOption(options: Document, name: string, fallback = false): boolean {
  const value = options.get(name) ?? fallback;
  if (value !== null && typeof value !== 'boolean' && !isNumeric(value))
    throw new CommandError('TypeMismatch', `'${name}' has to be a boolean`);
  return isTrue(value ?? fallback);
}
