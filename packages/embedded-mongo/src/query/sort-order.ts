import { ByteWriter } from '../bson/byte-writer.ts';
import { expectDocument } from '../bson/expect-type.ts';
import { encodedValue, encodeValue, invert, type KeyValue } from '../bson/key.ts';
import { keyValues } from '../bson/paths.ts';
import { type Document, isNumeric, toNumber, type Value } from '../bson/value.ts';
import { badValue } from '../command-error.ts';

export type OrderField = { path: string; parts: readonly string[]; direction: 1 | -1 };

/** Parses `{ a: 1, b: -1 }`. @throws CommandError BadValue for any other direction */
export function parseOrder(spec: Value | undefined): OrderField[] {
  return Array.from(expectDocument(spec ?? new Map(), 'a sort'), ([path, value]) => {
    const direction = isNumeric(value) ? toNumber(value) : Number.NaN;
    if (direction !== 1 && direction !== -1)
      throw badValue(`the direction of '${path}' must be 1 (ascending) or -1 (descending)`);
    if (path === '' || path.startsWith('$')) throw badValue(`bad sort path: '${path}'`);
    return { path, parts: path.split('.'), direction };
  });
}

/** Comparing the bytes of two keys compares their values in the order of the fields. */
export function writeKey(
  writer: ByteWriter,
  order: readonly OrderField[],
  valueAt: (field: OrderField, at: number) => KeyValue,
): void {
  for (const [at, field] of order.entries()) {
    const start = writer.length;
    encodeValue(writer, valueAt(field, at));
    if (field.direction === -1) invert(writer, start);
  }
}

const writer = new ByteWriter();

export function sortKey(document: Document, order: readonly OrderField[]): Buffer {
  writer.length = 0;
  writeKey(writer, order, ({ parts, direction }) => extreme(keyValues(document, parts), direction));
  return writer.copy();
}

/** An array counts as its least element ascending, and as its greatest descending. */
function extreme([first, ...others]: readonly KeyValue[], direction: 1 | -1): KeyValue {
  if (others.length === 0) return first;
  return others.reduce(
    (best, value) => (Buffer.compare(encodedValue(value), encodedValue(best)) * direction < 0 ? value : best),
    first,
  );
}
