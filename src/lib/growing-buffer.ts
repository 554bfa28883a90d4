/** Memory grows by doubling from here on. Bytes. */
const initialCapacity = 64 * 1024;

/**
 * A buffer that many small chunks are copied into: each kept as it came would take a hundred bytes more than it has.
 *
 * @param maxLength bytes; never more are appended
 * @param onCapacity called before it takes memory, with how many bytes it takes from then on; it may clear the buffer
 */
export function createGrowingBuffer(maxLength: number, onCapacity: (bytes: number) => void) {
  let bytes = Buffer.alloc(0);
  let length = 0;
  let isCleared = false;

  function reserve(needed: number): void {
    if (needed <= bytes.length) return;
    const capacity = Math.min(maxLength, Math.max(needed, bytes.length * 2, initialCapacity));
    onCapacity(capacity);
    if (isCleared) return;
    const grown = Buffer.allocUnsafeSlow(capacity);
    bytes.copy(grown, 0, 0, length);
    bytes = grown;
  }

  return {
    length: () => length,
    append(chunk: Buffer): void {
      if (isCleared) return;
      reserve(length + chunk.length);
      length += chunk.copy(bytes, length);
    },
    read: () => bytes.subarray(0, length),
    /** Lets go of all of it; nothing is appended any more. */
    clear(): void {
      isCleared = true;
      bytes = Buffer.alloc(0);
      length = 0;
    },
  };
}
