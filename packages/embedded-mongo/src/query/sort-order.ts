import { ByteWriter } from '../bson/byte-writer.ts';
import { emptyArray, encodedValue, encodeValue, invert, type KeyValue } from '../bson/key.ts';
import { valuesAt } from '../bson/paths.ts';
import { type Document, isDocument, isNumeric, toNumber, type Value } from '../bson/value.ts';
import { CommandError } from '../command-error.ts';

/** One field of a sort or an index. */
export type OrderField = { path: string; direction: 1 | -1 };

/** Reads `{ a: 1, b: -1 }`. @throws CommandError BadValue for any other direction */
export function parseOrder(spec: Value | undefined): OrderField[] {
  if (spec === undefined || spec === null) return [];
  if (!isDocument(spec)) throw new CommandError('TypeMismatch', 'a sort has to be a document');
  return [...spec].map(([path, value]): OrderField => {
    const direction = isNumeric(value) ? toNumber(value) : Number.NaN;
    if (direction !== 1 && direction !== -1)
      throw new CommandError(
        'BadValue',
        `$sort key ordering must be 1 (for ascending) or -1 (for descending)`,
      );
    if (path === '' || path.startsWith('$')) throw new CommandError('BadValue', `bad sort path: '${path}'`);
    return { path, direction };
  });
}

/** A function from a document to the bytes that it sorts by. */
export function sortKeys(order: readonly OrderField[]): (document: Document) => Buffer {
  const fields = order.map(({ path, direction }) => ({ parts: path.split('.'), direction }));
  const writer = new ByteWriter();
  return (document) => {
    writer.length = 0;
    for (const { parts, direction } of fields) {
      const start = writer.length;
      const values = valuesAt(document, parts).flatMap((value): KeyValue[] =>
        Array.isArray(value) ? (value.length === 0 ? [emptyArray] : value) : [value],
      );
      if (values.length <= 1) encodeValue(writer, values[0]);
      else writer.bytes(extreme(values, direction));
      if (direction === -1) invert(writer, start);
    }
    return writer.copy();
  };
}

/** An array counts as its least element upwards and as its greatest downwards. */
function extreme(values: readonly KeyValue[], direction: 1 | -1): Buffer {
  return values
    .map(encodedValue)
    .reduce((best, key) => (Buffer.compare(key, best) * direction < 0 ? key : best));
}
