import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { fieldOf, isDocument, setField } from '../values/is-document.ts';

/** A path without `$`: names of fields and numbers of elements. */
export type ConcretePath = readonly string[];

/** More elements than this are not made up to fill a gap. @see MongoDB's kMaxPaddingAllowed */
const largestGap = 1_500_000;

export function getAt(document: Document, path: ConcretePath): unknown {
  let value: unknown = document;
  for (const name of path) value = childOf(value, name);
  return value;
}

function childOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return isDocument(value) ? fieldOf(value, name) : undefined;
}

/**
 * Sets a value, and makes the documents on the way to it.
 *
 * @throws CommandError PathNotViable when something else is in the way
 */
export function setAt(document: Document, path: ConcretePath, value: unknown): void {
  let parent: unknown = document;
  path.forEach((name, at) => {
    const isLast = at === path.length - 1;
    if (isLast) assign(parent, name, value, path);
    else {
      let next = childOf(parent, name);
      if (next === undefined) {
        next = {};
        assign(parent, name, next, path);
      }
      parent = next;
    }
  });
}

function assign(parent: unknown, name: string, value: unknown, path: ConcretePath): void {
  if (isDocument(parent)) {
    setField(parent, name, value);
  } else if (Array.isArray(parent) && /^\d+$/.test(name)) {
    const index = Number(name);
    if (index > parent.length + largestGap)
      throw new CommandError('CannotBackfillArray', `Cannot backfill array to contain element ${index}`);
    while (parent.length < index) parent.push(null);
    parent[index] = value;
  } else {
    throw new CommandError(
      'PathNotViable',
      `Cannot create field '${name}' in the element of '${path.join('.')}'`,
    );
  }
}

/** Removes a field; an element of an array becomes null, as in MongoDB. */
export function unsetAt(document: Document, path: ConcretePath): void {
  const parent = getAt(document, path.slice(0, -1));
  const name = path.at(-1) ?? '';
  if (isDocument(parent)) delete parent[name];
  else if (Array.isArray(parent) && childOf(parent, name) !== undefined) parent[Number(name)] = null;
}
