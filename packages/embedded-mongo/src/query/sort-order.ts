import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { emptyArray, encodeValue } from '../values/encode-value.ts';
import { isDocument } from '../values/is-document.ts';
import { KeyWriter } from '../values/key-writer.ts';
import { valuesAt } from '../values/path-values.ts';

/** One field of a sort or an index: a dotted path, upwards or downwards. */
export type OrderField = { path: string; direction: 1 | -1 };

/** Reads `{ a: 1, b: -1 }`. @throws CommandError BadValue for any other direction */
export function parseOrder(spec: unknown): OrderField[] {
  if (spec === undefined || spec === null) return [];
  if (!isDocument(spec)) throw new CommandError('TypeMismatch', 'a sort has to be a document');
  return Object.entries(spec).map(([path, value]): OrderField => {
    const direction = typeof value === 'object' || typeof value === 'number' ? Number(value) : Number.NaN;
    if (direction !== 1 && direction !== -1)
      throw new CommandError(
        'BadValue',
        `$sort key ordering must be 1 (for ascending) or -1 (for descending)`,
      );
    if (path === '' || path.startsWith('$')) throw new CommandError('BadValue', `bad sort path: '${path}'`);
    return { path, direction };
  });
}

/** Sorts as MongoDB does: an array counts as its least element upwards and its greatest downwards. Stable. */
export function sortBy<T>(
  items: readonly T[],
  order: readonly OrderField[],
  read: (item: T) => Document,
): T[] {
  const keyOf = sortKeys(order);
  return items
    .map((item) => ({ item, key: keyOf(read(item)) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ item }) => item);
}

/** @returns a function from a document to the bytes that it sorts by */
export function sortKeys(order: readonly OrderField[]): (document: Document) => Buffer {
  const fields = order.map(({ path, direction }) => ({ parts: path.split('.'), direction }));
  const writer = new KeyWriter();
  return (document) => {
    writer.reset();
    for (const { parts, direction } of fields) writeField(writer, valuesAt(document, parts), direction);
    return writer.copy();
  };
}

function writeField(writer: KeyWriter, values: readonly unknown[], direction: 1 | -1): void {
  const start = writer.length;
  const candidates = values.flatMap((value) =>
    Array.isArray(value) ? (value.length === 0 ? [emptyArray] : value) : [value],
  );
  if (candidates.length <= 1) encodeValue(writer, candidates[0]);
  else writer.bytes(extreme(candidates, direction));
  if (direction === -1) writer.invert(start);
}

function extreme(values: readonly unknown[], direction: 1 | -1): Buffer {
  const writer = new KeyWriter();
  const [first = Buffer.alloc(0), ...rest] = values.map((value) => {
    encodeValue(writer.reset(), value);
    return writer.copy();
  });
  return rest.reduce((best, key) => (Buffer.compare(key, best) * direction < 0 ? key : best), first);
}
