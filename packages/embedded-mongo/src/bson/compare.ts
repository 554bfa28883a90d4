import { encodedValue, orderOf } from './key.ts';
import { isNumeric, toNumber, type Value } from './value.ts';

/** Compares two values in MongoDB's order, across types too; a missing one is null. @returns below, equal to or above 0 */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  const types = orderOf(a) - orderOf(b);
  if (types !== 0) return types;
  if (isNumeric(a) && isNumeric(b) && typeof a !== 'bigint' && typeof b !== 'bigint') {
    const [x, y] = [toNumber(a), toNumber(b)];
    if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y || 0;
  }
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  return Buffer.compare(encodedValue(a), encodedValue(b));
}

/** Whether MongoDB holds two values equal: 1 and 1.0 are, and documents are only in the same order of fields. */
export function equalValues(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return false;
  return compareValues(a, b) === 0;
}
