export class ByteWriter {
  buffer = Buffer.allocUnsafe(1024);
  length = 0;

  /** @returns where the room starts; read `buffer` after this call, which may replace it */
  reserve(size: number): number {
    const at = this.length;
    if (at + size > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, at + size));
      this.buffer.copy(grown, 0, 0, at);
      this.buffer = grown;
    }
    this.length += size;
    return at;
  }

  byte(value: number): void {
    const at = this.reserve(1);
    this.buffer[at] = value;
  }

  bytes(value: Uint8Array): void {
    const at = this.reserve(value.length);
    this.buffer.set(value, at);
  }

  text(value: string): void {
    const at = this.reserve(value.length * 3);
    this.length = at + this.buffer.write(value, at, 'utf8');
  }

  uint32(value: number): void {
    const at = this.reserve(4);
    this.buffer.writeUInt32BE(value, at);
  }

  uint48(value: number): void {
    const at = this.reserve(6);
    this.buffer.writeUIntBE(value, at, 6);
  }

  copy(start = 0): Buffer {
    return Buffer.from(this.buffer.subarray(start, this.length));
  }
}
