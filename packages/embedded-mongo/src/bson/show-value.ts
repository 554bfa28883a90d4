import type { KeyValue } from './key.ts';
import { bsonTypes, isDocument, isNumeric, RawValue, toNumber, typeOf } from './value.ts';

/** As MongoDB's messages do: `"text"`, `1`, `ObjectId('…')`, `null` for a missing one. */
export function showValue(value: KeyValue): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'symbol') return '[]';
  if (typeof value === 'bigint') return String(value);
  if (isNumeric(value)) return String(toNumber(value));
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (Array.isArray(value)) return `[ ${value.map(showValue).join(', ')} ]`;
  if (isDocument(value))
    return `{ ${Array.from(value, ([name, item]) => `${name}: ${showValue(item)}`).join(', ')} }`;
  if (!(value instanceof RawValue)) return JSON.stringify(value);
  return value.type === bsonTypes.objectId ? `ObjectId('${value.bytes.toString('hex')}')` : typeOf(value);
}
