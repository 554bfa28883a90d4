import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { emptyArray } from '../values/encode-value.ts';
import { fieldOf, isDocument } from '../values/is-document.ts';
import type { IndexDefinition } from './index-definition.ts';

/** A field on the way to its value: where it stands and what of its path is left. */
type Pending = { value: unknown; rest: readonly string[] };

/**
 * The tuples of values under which an index finds a document: one, or with an array one for each element. What is
 * missing is `undefined`; an empty array is a value of its own.
 *
 * @throws CommandError CannotIndexParallelArrays when two fields are different arrays
 */
export function indexTuples(document: Document, fields: IndexDefinition['fields']): unknown[][] {
  const plain = plainTuple(document, fields);
  if (plain !== undefined) return [plain];
  const tuples: unknown[][] = [];
  expand(
    fields.map(({ parts }) => ({ value: document, rest: parts })),
    tuples,
    fields,
  );
  return tuples;
}

/** The tuple of a document in which every field of the index is its own and no array. */
function plainTuple(document: Document, fields: IndexDefinition['fields']): unknown[] | undefined {
  const tuple: unknown[] = [];
  for (const { path, parts } of fields) {
    const value = parts.length === 1 ? fieldOf(document, path) : [];
    if (Array.isArray(value)) return undefined;
    tuple.push(value);
  }
  return tuple;
}

function expand(pending: readonly Pending[], tuples: unknown[][], fields: IndexDefinition['fields']): void {
  const reached = pending.map(descend);
  const array = reached.find(isArrayReached)?.value;
  if (array === undefined) {
    tuples.push(reached.map(({ value }) => value));
    return;
  }
  const others = reached.filter((field) => isArrayReached(field) && field.value !== array);
  if (others.length > 0)
    throw new CommandError(
      'CannotIndexParallelArrays',
      `cannot index parallel arrays in { ${fields.map(({ path }) => path).join(', ')} }`,
    );
  const elements: readonly unknown[] = array.length === 0 ? [emptyArray] : array;
  for (const element of elements)
    expand(
      reached.map((field) => (field.value === array ? intoElement(field, element) : field)),
      tuples,
      fields,
    );
}

/** Follows a field's path as far as there is no array in it. */
function descend({ value, rest }: Pending): Pending {
  let [at, current] = [0, value];
  while (at < rest.length) {
    const name = rest[at] ?? '';
    if (isDocument(current)) current = fieldOf(current, name);
    else if (Array.isArray(current) && /^\d+$/.test(name) && Number(name) < current.length)
      current = current[Number(name)];
    else if (Array.isArray(current)) return { value: current, rest: rest.slice(at) };
    else return { value: undefined, rest: [] };
    at++;
  }
  return { value: current, rest: [] };
}

function isArrayReached(field: Pending): field is Pending & { value: unknown[] } {
  return Array.isArray(field.value);
}

/** An element of an array: an array in an array is a value, and is not opened again. */
class Element {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

function intoElement({ rest }: Pending, element: unknown): Pending {
  if (rest.length > 0) return { value: isDocument(element) ? element : undefined, rest };
  return { value: Array.isArray(element) ? new Element(element) : element, rest };
}

/** The value of a tuple's field, to be written as a key. */
export function tupleValue(value: unknown): unknown {
  return value instanceof Element ? value.value : value;
}
