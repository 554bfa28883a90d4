import type { FieldNames } from './field-names.ts';
import { eachField } from './raw-document.ts';

/** A document of some fields of another, in its order and byte for byte. @param keep whether these, or all others */
export function sliceFields(bytes: Buffer, names: FieldNames, keep: boolean): Buffer {
  const pieces = new Pieces(bytes);
  eachField(bytes, (start, nameEnd, end) => {
    const isNamed = names.find(bytes, start + 1, nameEnd) !== undefined;
    if (isNamed === keep) pieces.keep(start, end);
  });
  return pieces.toDocument();
}

/** A document in which some fields have other values: each in its place, or at the end when it was not there. */
export function replaceFields(
  bytes: Buffer,
  names: FieldNames,
  elements: ReadonlyMap<string, Buffer>,
): Buffer {
  const pieces = new Pieces(bytes);
  const missing = new Map(elements);
  eachField(bytes, (start, nameEnd, end) => {
    const name = names.find(bytes, start + 1, nameEnd);
    const element = name === undefined ? undefined : elements.get(name);
    if (element === undefined) pieces.keep(start, end);
    else pieces.add(element);
    if (name !== undefined) missing.delete(name);
  });
  for (const element of missing.values()) pieces.add(element);
  return pieces.toDocument();
}

/** What a document is put together from; neighbours in the bytes that it comes from are copied at once. */
class Pieces {
  readonly #source: Buffer;
  readonly #pieces: Buffer[] = [];
  #from = 0;
  #to = 0;
  #length = 5;

  constructor(source: Buffer) {
    this.#source = source;
  }

  keep(start: number, end: number): void {
    if (start !== this.#to) this.#flush(start);
    this.#to = end;
    this.#length += end - start;
  }

  add(element: Buffer): void {
    this.#flush(0);
    this.#to = 0;
    this.#pieces.push(element);
    this.#length += element.length;
  }

  toDocument(): Buffer {
    this.#flush(0);
    const document = Buffer.allocUnsafe(this.#length);
    let at = document.writeInt32LE(this.#length, 0);
    for (const piece of this.#pieces) {
      document.set(piece, at);
      at += piece.length;
    }
    document[at] = 0;
    return document;
  }

  #flush(next: number): void {
    if (this.#to > this.#from) this.#pieces.push(this.#source.subarray(this.#from, this.#to));
    this.#from = next;
  }
}
