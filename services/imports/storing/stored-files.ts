/**
 * Files that consist of blobs. A part is stored as soon as it is complete, so an interrupted download continues after
 * it.
 */
import { Readable } from 'node:stream';
import type { BlobRef } from '../../../contracts/values/blobs.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import type { StoredFile } from '../../../contracts/imports/schema.ts';
import type { BlobStore } from '../../blobs/port.ts';
import { createSweeper } from '../reading/outside-heap.ts';
import type { StoredFiles } from '../port.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';

/** Bytes of one part: the most that a download loses when a worker is killed. */
export const PART_BYTES = 16 * BYTES_PER_MB;

/** Bytes of one block: what a thread parses at once. */
const BLOCK_BYTES = BYTES_PER_MB;

/** Creates stored files over a blob store. */
export function createStoredFiles(blobs: BlobStore, partBytes: number = PART_BYTES): StoredFiles {
  const sweep = createSweeper('young');
  return {
    store: (prefix, content, options) => store(blobs, partBytes, prefix, swept(content, sweep), options),
    read: (file, from, to) => blocks(swept(readRange(blobs, file, from, to), sweep)),
    readAll: (parts) => blocks(swept(readAll(blobs, parts), sweep)),
  };
}

/** Counts every byte, because each becomes garbage soon after. */
async function* swept<Bytes extends Uint8Array>(
  content: AsyncIterable<Bytes>,
  sweep: (bytes: number) => void,
): AsyncGenerator<Bytes> {
  for await (const chunk of content) {
    sweep(chunk.length);
    yield chunk;
  }
}

async function store(
  blobs: BlobStore,
  partBytes: number,
  prefix: string,
  content: AsyncIterable<Uint8Array>,
  { maxBytes, onPart }: Parameters<StoredFiles['store']>[2],
): Promise<readonly BlobRef[]> {
  const source = new PartSource(content, maxBytes);
  const parts: BlobRef[] = [];
  while (await source.more()) {
    const part = await blobs.put(prefix, Readable.from(source.take(partBytes), { objectMode: false }));
    await onPart(part, parts.length);
    parts.push(part);
    // The bytes that arrived before the source failed are saved first, so that they are not downloaded again.
    if (source.failure !== undefined) throw source.failure.error;
  }
  return parts;
}

/** One stream, split into parts. */
class PartSource {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #maxBytes: number;
  #rest: Uint8Array | undefined;
  #size = 0;
  failure: { readonly error: unknown } | undefined;

  constructor(content: AsyncIterable<Uint8Array>, maxBytes: number) {
    this.#iterator = content[Symbol.asyncIterator]();
    this.#maxBytes = maxBytes;
  }

  /** Tells whether there are more bytes. */
  async more(): Promise<boolean> {
    await this.#fill();
    if (this.failure !== undefined) throw this.failure.error;
    return this.#rest !== undefined;
  }

  async *take(bytes: number): AsyncGenerator<Uint8Array> {
    let left = bytes;
    while (left > 0) {
      await this.#fill();
      const chunk = this.#rest;
      if (chunk === undefined) return;
      const piece = chunk.subarray(0, left);
      this.#rest = piece.length < chunk.length ? chunk.subarray(piece.length) : undefined;
      left -= piece.length;
      yield piece;
    }
  }

  async #fill(): Promise<void> {
    while (this.#rest === undefined && this.failure === undefined) {
      try {
        const next = await this.#iterator.next();
        if (next.done === true) return;
        const { value } = next;
        this.#size += value.length;
        if (this.#size > this.#maxBytes) throw tooLarge(this.#maxBytes);
        if (value.length > 0) this.#rest = value;
      } catch (error) {
        this.failure = { error };
      }
    }
  }
}

function tooLarge(maxBytes: number): PerennialError {
  return new PerennialError(
    'ImportTooLarge',
    `Expected a file of at most ${maxBytes} bytes (IMPORT_MAX_MB), got more. Split it or raise the limit.`,
  );
}

async function* readRange(blobs: BlobStore, file: StoredFile, from: number, to: number): AsyncGenerator<Buffer> {
  let start = 0;
  for (const part of file.parts) {
    const [first, end] = [Math.max(from - start, 0), Math.min(to - start, part.size)];
    start += part.size;
    if (first < end) yield* bytesOf(await blobs.openRange(part, first, end));
  }
}

async function* readAll(blobs: BlobStore, parts: readonly BlobRef[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield* bytesOf(await blobs.open(part));
}

async function* bytesOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk; // no encoding is set, so chunks are buffers
  } finally {
    stream.destroy();
  }
}

/** Joins small chunks to blocks, because each block costs a message to a thread and a transaction. */
async function* blocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < BLOCK_BYTES) continue;
    yield waiting.length === 1 ? chunk : Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}
