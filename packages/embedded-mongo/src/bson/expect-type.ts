import { CommandError } from '../command-error.ts';
import { type Document, isDocument, isNumeric, toNumber, type Value } from './value.ts';

export function expectDocument(value: Value | undefined, name: string): Document {
  if (!isDocument(value)) throw new CommandError('TypeMismatch', `${name} has to be a document`);
  return value;
}

export function expectArray(value: Value | undefined, name: string): Value[] {
  if (!Array.isArray(value)) throw new CommandError('TypeMismatch', `${name} has to be an array`);
  return value;
}

export function expectText(value: Value | undefined, name: string): string {
  if (typeof value !== 'string' || value === '')
    throw new CommandError('TypeMismatch', `${name} has to be a string that is not empty`);
  return value;
}

/** Expects a whole number from 0 up. @throws CommandError TypeMismatch, BadValue */
export function expectCount(value: Value | undefined, name: string): number {
  if (!isNumeric(value)) throw new CommandError('TypeMismatch', `${name} has to be a number`);
  const count = toNumber(value);
  if (!Number.isInteger(count) || count < 0)
    throw new CommandError('BadValue', `${name} has to be a whole number that is not negative: ${count}`);
  return count;
}
