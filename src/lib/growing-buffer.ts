const initialCapacity = 64 * 1024;

/**
 * Stores many small chunks, each of which would cost about a hundred bytes more if kept separately.
 * @param onCapacity called with the new number of bytes before they are allocated; may clear the buffer
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
    /** Releases everything; nothing can be appended afterwards. */
    clear(): void {
      isCleared = true;
      bytes = Buffer.alloc(0);
      length = 0;
    },
  };
}
