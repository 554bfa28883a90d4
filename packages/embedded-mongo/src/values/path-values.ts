import { fieldOf, isDocument } from './is-document.ts';

/**
 * Every value that a dotted path reaches in a document: through arrays on the way to each element, by number to one.
 * A field that is not there is `undefined`; an array at the end is itself one value.
 *
 * @see https://www.mongodb.com/docs/manual/tutorial/query-array-of-documents/
 */
export function valuesAt(document: unknown, path: readonly string[]): unknown[] {
  const [first, ...rest] = path;
  if (rest.length === 0 && first !== undefined && isDocument(document)) return [fieldOf(document, first)];
  const found: unknown[] = [];
  collect(document, path, 0, found);
  return found;
}

function collect(value: unknown, path: readonly string[], at: number, found: unknown[]): void {
  const name = path[at];
  if (name === undefined) {
    found.push(value);
  } else if (Array.isArray(value)) {
    if (/^\d+$/.test(name) && Number(name) < value.length) collect(value[Number(name)], path, at + 1, found);
    for (const item of value) if (isDocument(item)) collect(item, path, at, found);
  } else if (isDocument(value)) {
    collect(fieldOf(value, name), path, at + 1, found);
  } else {
    found.push(undefined);
  }
}

/** The values that a comparison looks at: those of the path, and of arrays each element too. */
export function comparedValues(document: unknown, path: readonly string[]): unknown[] {
  const values = valuesAt(document, path);
  if (!values.some((value) => Array.isArray(value))) return values;
  return values.flatMap((value) => (Array.isArray(value) ? [...value, value] : [value]));
}
