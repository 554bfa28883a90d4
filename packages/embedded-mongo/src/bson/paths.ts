import { emptyArray, type KeyValue } from './key.ts';
import { type Document, isDocument, type Value } from './value.ts';

export function rootOf(path: string): string {
  const dot = path.indexOf('.');
  return dot < 0 ? path : path.slice(0, dot);
}

export const isArrayIndex = (name: string) => /^(?:0|[1-9]\d*)$/.test(name);

/**
 * Each element of arrays, or one by its index. A missing field is `undefined`; an array at the end is one value.
 * @see https://www.mongodb.com/docs/manual/tutorial/query-array-of-documents/
 */
export function valuesAt(document: Document, path: readonly string[]): (Value | undefined)[] {
  if (path.length === 1) return [document.get(path[0] ?? '')];
  const found: (Value | undefined)[] = [];
  collect(document, path, 0, found);
  return found;
}

function collect(
  value: Value | undefined,
  path: readonly string[],
  at: number,
  found: (Value | undefined)[],
): void {
  const name = path[at];
  if (name === undefined) found.push(value);
  else if (isDocument(value)) collect(value.get(name), path, at + 1, found);
  else if (Array.isArray(value)) {
    if (isArrayIndex(name) && Number(name) < value.length) collect(value[Number(name)], path, at + 1, found);
    for (const item of value) if (isDocument(item)) collect(item, path, at, found);
  } else found.push(undefined);
}

export function comparedValues(values: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
  if (!values.some((value) => Array.isArray(value))) return values;
  return values.flatMap((value) => (Array.isArray(value) ? [...value, value] : [value]));
}

export function keyValues(document: Document, path: readonly string[]): KeyValue[] {
  return valuesAt(document, path).flatMap((value): KeyValue[] =>
    Array.isArray(value) ? (value.length === 0 ? [emptyArray] : value) : [value],
  );
}
