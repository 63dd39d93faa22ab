/**
 * Checks that a TIFF is complete. A file that was cut off keeps its first pages readable, and the library reports only
 * those, so the rest would be lost without an error.
 */
import type { FileHandle } from 'node:fs/promises';

interface Entry {
  readonly type: number;
  readonly count: number;
  readonly value: Buffer;
}

interface Reader {
  readonly size: number;
  bytes(at: number, length: number): Promise<Buffer | undefined>;
  number(buffer: Buffer, at: number, length: 2 | 4): number;
}

const STRIPS = [273, 279] as const;
const TILES = [324, 325] as const;
const SHORT = 3;
/** Most directories that are followed: more than any document has pages, and an end for chains that form a circle. */
const MAX_DIRECTORIES = 20_000;
const MAX_PIECES = 200_000;

/** Tells whether a directory or the pixels of a page lie outside the file. BigTIFF is left to the decoder. */
export async function isTiffTruncated(file: FileHandle, size: number): Promise<boolean> {
  const head = Buffer.alloc(8);
  await file.read(head, 0, 8, 0);
  const little = head[0] === 0x49;
  const reader: Reader = {
    size,
    bytes: async (at, length) => {
      if (at < 8 || at + length > size) return undefined;
      const buffer = Buffer.alloc(length);
      await file.read(buffer, 0, length, at);
      return buffer;
    },
    number: (buffer, at, length) => (little ? buffer.readUIntLE(at, length) : buffer.readUIntBE(at, length)),
  };
  if (reader.number(head, 2, 2) !== 42) return false;
  let at = reader.number(head, 4, 4);
  for (let seen = 0; at !== 0 && seen < MAX_DIRECTORIES; seen += 1) {
    const next = await nextDirectory(reader, at);
    if (next === undefined) return true;
    at = next;
  }
  return false;
}

/** Checks one directory and returns the offset of the next one; `undefined` when data is missing. */
async function nextDirectory(reader: Reader, at: number): Promise<number | undefined> {
  const start = await reader.bytes(at, 2);
  if (start === undefined) return undefined;
  const count = reader.number(start, 0, 2);
  const table = await reader.bytes(at + 2, count * 12 + 4);
  if (table === undefined) return undefined;
  const entries = new Map<number, Entry>();
  for (let entry = 0; entry < count; entry += 1) {
    const from = entry * 12;
    entries.set(reader.number(table, from, 2), {
      type: reader.number(table, from + 2, 2),
      count: reader.number(table, from + 4, 4),
      value: table.subarray(from + 8, from + 12),
    });
  }
  for (const [offsetTag, lengthTag] of [STRIPS, TILES]) {
    if (!(await arePiecesInside(reader, entries.get(offsetTag), entries.get(lengthTag)))) return undefined;
  }
  return reader.number(table, count * 12, 4);
}

async function arePiecesInside(
  reader: Reader,
  offsets: Entry | undefined,
  lengths: Entry | undefined,
): Promise<boolean> {
  if (offsets === undefined || lengths === undefined) return true;
  const starts = await valuesOf(reader, offsets);
  const sizes = await valuesOf(reader, lengths);
  if (starts === undefined || sizes === undefined) return false;
  return starts.every((start, index) => start + (sizes[index] ?? 0) <= reader.size);
}

async function valuesOf(reader: Reader, entry: Entry): Promise<readonly number[] | undefined> {
  const width = entry.type === SHORT ? 2 : 4;
  const count = Math.min(entry.count, MAX_PIECES);
  const inline = entry.count * width <= 4;
  const buffer = inline ? entry.value : await reader.bytes(reader.number(entry.value, 0, 4), count * width);
  if (buffer === undefined) return undefined;
  return Array.from({ length: count }, (_, index) => reader.number(buffer, index * width, width));
}
