import { ObjectId } from 'bson';
import { encodedValue } from './encode-value.ts';
import { toNumeric } from './exact-number.ts';

/** Compares two values in MongoDB's order, across types too. @returns below, equal to or above 0 */
export function compareValues(a: unknown, b: unknown): number {
  const [x, y] = [plainNumber(a), plainNumber(b)];
  if (x !== undefined && y !== undefined) return x < y ? -1 : x > y ? 1 : 0;
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  return Buffer.compare(encodedValue(a), encodedValue(b));
}

/** Whether MongoDB holds two values equal: 1 and 1.0 are, and documents are only in the same order of fields. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return false;
  if (a instanceof ObjectId && b instanceof ObjectId) return a.equals(b);
  return compareValues(a, b) === 0;
}

/** A number that JavaScript's own comparison orders rightly. */
function plainNumber(value: unknown): number | undefined {
  const number = toNumeric(value);
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
}
