import { isArrayIndex } from '../bson/paths.ts';
import { type Document, isDocument, type Value } from '../bson/value.ts';
import { badValue, CommandError, unsupported } from '../command-error.ts';

/** Maps a value to a new one; `undefined` is a missing value. */
export type Change = (value: Value | undefined) => Value | undefined;

/**
 * Objects off the path stay the same, so that changes can be detected cheaply.
 * @throws CommandError PathNotViable if another value is in the way
 */
export function changeAt(document: Document, path: string, change: Change): Document {
  const parts = path.split('.');
  if (parts.includes('')) throw badValue(`The update path '${path}' contains an empty field name`);
  const changed = changeWithin(document, parts, 0, change);
  return isDocument(changed) ? changed : document;
}

function changeWithin(
  value: Value | undefined,
  parts: readonly string[],
  at: number,
  change: Change,
): Value | undefined {
  const name = parts[at];
  if (name === undefined) return change(value);
  if (Array.isArray(value) && isArrayIndex(name))
    throw unsupported(`the element '${name}' of an array in an update`);
  if (value !== undefined && !isDocument(value)) {
    if (change(undefined) === undefined) return value;
    throw new CommandError(
      'PathNotViable',
      `Cannot create field '${name}' in the element of '${parts.slice(0, at).join('.')}'`,
    );
  }
  const old = value?.get(name);
  const next = changeWithin(old, parts, at + 1, change);
  if (next === old) return value;
  const copy: Document = new Map(value);
  if (next === undefined) copy.delete(name);
  else copy.set(name, next);
  return copy;
}
