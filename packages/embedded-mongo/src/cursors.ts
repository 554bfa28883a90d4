import { randomInt } from 'node:crypto';
import { CommandError } from './command-error.ts';

type Cursor = {
  namespace: string;
  documents: Iterator<Uint8Array>;
  next: IteratorResult<Uint8Array>;
  lastUsed: number;
};

const maxBatchBytes = 16 * 1024 * 1024;

export class Cursors {
  readonly #open = new Map<bigint, Cursor>();

  /** @returns the batch and the cursor's id, 0 if it was the last one */
  start(
    namespace: string,
    documents: Iterator<Uint8Array>,
    options: { size: number; single: boolean },
  ): { id: bigint; batch: Uint8Array[] } {
    const cursor = { namespace, documents, next: documents.next(), lastUsed: performance.now() };
    const batch = takeBatch(cursor, options.size);
    return { id: options.single ? 0n : this.#keep(cursor, BigInt(randomInt(1, 2 ** 48 - 1))), batch };
  }

  more(id: bigint, namespace: string, size: number): { id: bigint; batch: Uint8Array[] } {
    const cursor = this.#open.get(id);
    if (cursor === undefined || cursor.namespace !== namespace)
      throw new CommandError('CursorNotFound', `cursor id ${id} not found`);
    // A cursor that fails is gone.
    this.#open.delete(id);
    const batch = takeBatch(cursor, size);
    return { id: this.#keep({ ...cursor, lastUsed: performance.now() }, id), batch };
  }

  /** @returns the id, 0 if there is nothing left */
  #keep(cursor: Cursor, id: bigint): bigint {
    if (cursor.next.done === true) return 0n;
    this.#open.set(id, cursor);
    return id;
  }

  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  /** @param idleMs a jump of the clock closes none */
  expire(idleMs: number): void {
    const before = performance.now() - idleMs;
    for (const [id, { lastUsed }] of this.#open) if (lastUsed < before) this.#open.delete(id);
  }
}

function takeBatch(cursor: Cursor, size: number): Uint8Array[] {
  const batch: Uint8Array[] = [];
  let bytes = 0;
  while (batch.length < size && cursor.next.done !== true) {
    bytes += cursor.next.value.length;
    if (batch.length > 0 && bytes > maxBatchBytes) break;
    batch.push(cursor.next.value);
    cursor.next = cursor.documents.next();
  }
  return batch;
}
