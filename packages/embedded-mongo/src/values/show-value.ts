import { EJSON } from 'bson';

/** A value as MongoDB writes it in its messages: `"text"`, `1`, `ObjectId('…')`, `null` for what is missing. */
export function showValue(value: unknown): string {
  if (value === undefined || typeof value === 'symbol') return value === undefined ? 'null' : '[]';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (typeof value === 'object' && value !== null && '_bsontype' in value) {
    if (value._bsontype === 'ObjectId') return `ObjectId('${String(value)}')`;
    if (['Int32', 'Long', 'Double'].includes(String(value._bsontype))) return String(value);
  }
  return EJSON.stringify(value, { relaxed: true });
}
