/** Memory that is filled, read and filled again. */

const FIRST_BYTES = 64 * 1024;

/**
 * Gathers bytes in memory that it keeps: what passes through by the megabyte
 * would else be garbage outside V8's heap, which is slow to look there.
 */
export class ByteRoom {
  #room: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What is in it; valid until the next change. */
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

  /** As UTF-8. */
  appendText(text: string): void {
    this.#reserve(text.length * 3); // the most that a unit of UTF-16 becomes
    this.#length += this.#room.write(text, this.#length);
  }

  /** A copy that shares its memory with nobody, so that it may be handed over to another thread; the room is empty then. */
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

/** The same bytes in memory that they share with nobody, so that it may be handed over to a thread; a copy where they do. */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return new Uint8Array(buffer);
  return new Uint8Array(bytes);
}
