import { BSONSymbol, Double, Int32, Long } from 'bson';
import { isDocument, setField } from './is-document.ts';

/** A value as mingo reckons with it: numbers as JavaScript's own wherever they are exact, the rest as it is. */
export function toPlain(value: unknown): unknown {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof BSONSymbol) return value.value;
  if (value instanceof Long) {
    const number = value.toNumber();
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(toPlain);
  if (!isDocument(value)) return value;
  const plain = {};
  for (const name of Object.keys(value)) setField(plain, name, toPlain(value[name]));
  return plain;
}

/**
 * Gives a value that mingo computed its BSON types back: a number that is still what it was keeps its type, so that
 * a pipeline does not turn the doubles that it did not touch into integers.
 */
export function retype(value: unknown, original: unknown): unknown {
  if (typeof value === 'number' && Object.is(toPlain(original), value)) return original;
  if (Array.isArray(value))
    return value.map((item, index) => retype(item, Array.isArray(original) ? original[index] : undefined));
  if (!isDocument(value)) return value;
  const typed = {};
  for (const name of Object.keys(value))
    if (value[name] !== undefined)
      setField(typed, name, retype(value[name], isDocument(original) ? original[name] : undefined));
  return typed;
}
