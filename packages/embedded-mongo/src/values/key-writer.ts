/** Bytes that grow: the bytes of an ordered key are gathered in it. */
export class KeyWriter {
  #bytes = Buffer.allocUnsafe(256);
  length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = value;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.length);
    this.length += value.length;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.length = this.#bytes.writeUInt32BE(value, this.length);
  }

  uint48(value: number): void {
    this.#reserve(6);
    this.length = this.#bytes.writeUIntBE(value, this.length, 6);
  }

  /** A double such that the order of the bytes is the order of the numbers; NaN comes before them all. */
  double(value: number): void {
    this.#reserve(8);
    const start = this.length;
    this.length = this.#bytes.writeDoubleBE(value === 0 ? 0 : value, start);
    if (Number.isNaN(value)) this.#bytes.fill(0, start, this.length);
    else if (value < 0) this.invert(start);
    else this.#bytes[start] = (this.#bytes[start] ?? 0) | 0x80;
  }

  /** A signed 64-bit integer in order. */
  int64(value: bigint): void {
    this.#reserve(8);
    this.length = this.#bytes.writeBigUInt64BE(BigInt.asUintN(64, value) ^ (1n << 63n), this.length);
  }

  /** The same for a number that a double holds exactly. */
  safeInteger(value: number): void {
    this.#reserve(8);
    const high = Math.floor(value / 2 ** 32);
    this.length = this.#bytes.writeUInt32BE((high ^ 0x80000000) >>> 0, this.length);
    this.length = this.#bytes.writeUInt32BE(value - high * 2 ** 32, this.length);
  }

  /** UTF-8 with an end that sorts before any longer text: 00 is written 00 FF, the end 00 00. */
  text(value: string): void {
    this.#reserve(value.length * 3);
    const start = this.length;
    this.length += this.#bytes.write(value, start, 'utf8');
    if (value.includes('\0')) {
      const raw = Buffer.from(this.#bytes.subarray(start, this.length));
      this.length = start;
      for (const byte of raw) {
        this.byte(byte);
        if (byte === 0) this.byte(0xff);
      }
    }
    this.byte(0);
    this.byte(0);
  }

  /** Turns the order of everything written from `start` on. */
  invert(start: number): void {
    for (let at = start; at < this.length; at++) this.#bytes[at] = ~(this.#bytes[at] ?? 0) & 0xff;
  }

  /** A copy of what was written. */
  copy(): Buffer {
    const copy = Buffer.allocUnsafe(this.length);
    this.#bytes.copy(copy, 0, 0, this.length);
    return copy;
  }

  reset(): this {
    this.length = 0;
    return this;
  }

  #reserve(size: number): void {
    if (this.length + size <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.length + size));
    this.#bytes.copy(grown, 0, 0, this.length);
    this.#bytes = grown;
  }
}
