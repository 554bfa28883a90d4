import { CommandError } from './command-error.ts';

/** A find or aggregate whose answers a client has not all fetched yet. */
type Cursor = { namespace: string; documents: Iterator<Uint8Array>; next: IteratorResult<Uint8Array> };
type Open = Cursor & { lastUsed: number; expires: boolean };

/** The most that one answer carries, in bytes: a document's limit. */
const batchBytes = 16 * 1024 * 1024;

/** The cursors that are open, by number. */
export class Cursors {
  readonly #open = new Map<number, Open>();
  readonly #newId: () => number;

  /** @param newId gives numbers that cannot be guessed: whole, safe and above 0 */
  constructor(newId: () => number) {
    this.#newId = newId;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Takes a first batch.
   *
   * @returns the batch, and the cursor's number: 0 when that was all
   */
  start(
    namespace: string,
    documents: Iterator<Uint8Array>,
    options: { size: number; single: boolean; expires: boolean; now: Date },
  ): { id: number; batch: Uint8Array[] } {
    const cursor: Cursor = { namespace, documents, next: documents.next() };
    const batch = takeBatch(cursor, options.size);
    if (options.single || cursor.next.done === true) return { id: 0, batch };
    const id = this.#newId();
    this.#open.set(id, { ...cursor, lastUsed: options.now.getTime(), expires: options.expires });
    return { id, batch };
  }

  /** @throws CommandError CursorNotFound */
  more(id: number, namespace: string, size: number, now: Date): { id: number; batch: Uint8Array[] } {
    const cursor = this.#open.get(id);
    if (cursor === undefined || cursor.namespace !== namespace)
      throw new CommandError('CursorNotFound', `cursor id ${id} not found`);
    cursor.lastUsed = now.getTime();
    try {
      const batch = takeBatch(cursor, size);
      if (cursor.next.done !== true) return { id, batch };
      this.#open.delete(id);
      return { id: 0, batch };
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
  }

  /** @returns whether there was one */
  kill(id: number): boolean {
    return this.#open.delete(id);
  }

  /** Ends what nobody has used since `before`, milliseconds since 1970. */
  expire(before: number): void {
    for (const [id, { lastUsed, expires }] of this.#open)
      if (expires && lastUsed < before) this.#open.delete(id);
  }
}

function takeBatch(cursor: Cursor, size: number): Uint8Array[] {
  const batch: Uint8Array[] = [];
  let bytes = 0;
  while (batch.length < size && cursor.next.done !== true) {
    bytes += cursor.next.value.length;
    if (batch.length > 0 && bytes > batchBytes) break;
    batch.push(cursor.next.value);
    cursor.next = cursor.documents.next();
  }
  return batch;
}
