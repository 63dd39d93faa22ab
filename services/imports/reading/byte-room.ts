/** A buffer that is reused instead of allocated anew. */

const FIRST_BYTES = 64 * 1024;

/**
 * Collects bytes in memory that it keeps. Allocating megabytes for each block would fill the memory outside V8's heap
 * faster than the garbage collector frees it.
 */
export class ByteRoom {
  #room: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The bytes collected so far; valid until the next change. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#room.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends a text as UTF-8. */
  appendText(text: string): void {
    this.#reserve(text.length * 3); // a unit of UTF-16 takes at most three bytes
    this.#length += this.#room.write(text, this.#length);
  }

  /** Copies the bytes into memory of their own, which can be transferred to another thread, and empties the buffer. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.bytes);
    this.clear();
    return taken;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#room.length) return;
    const wider = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#room.length, FIRST_BYTES));
    wider.set(this.bytes);
    this.#room = wider;
  }
}

/**
 * Returns the bytes in memory of their own, which can be transferred to another thread; copies them only when they
 * share their memory.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return new Uint8Array(buffer);
  return new Uint8Array(bytes);
}
