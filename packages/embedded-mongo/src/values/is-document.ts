import type { Document } from 'bson';

/** Whether a value is an embedded document, not an array and not a value of one of BSON's own types. */
export function isDocument(value: unknown): value is Document {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A document's own field; `undefined` when it has none, whatever the name is. */
export function fieldOf(document: Document, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

/** Sets a field as the document's own, also one named `__proto__`. */
export function setField(document: Document, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(document, name, { value, writable: true, enumerable: true, configurable: true });
  else document[name] = value;
}
