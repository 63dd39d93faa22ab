/**
 * Looks at the boxes of a HEIF file (HEIC, AVIF) without decoding: what the file holds, whether an end is missing, and the
 * sizes that its pictures declare. A box is a length, four letters and content (ISO 14496-12).
 */
import type { FileHandle } from 'node:fs/promises';

/** What the boxes of a file tell. */
export interface HeifFacts {
  /** True when a box that is needed reaches beyond the end of the file, or cannot be read. */
  readonly isCut: boolean;
  /** True for a sequence of pictures or a film that has no still picture. */
  readonly isFilm: boolean;
  /** Width and height of every picture that the file declares: the picture itself, its tiles and thumbnails. */
  readonly sizes: readonly (readonly [width: number, height: number])[];
}

interface Box {
  readonly kind: string;
  /** Place of the content. */
  readonly from: number;
  readonly to: number;
}

/** Boxes without which there is no picture; other programs append data of their own after them. */
const NEEDED: ReadonlySet<string> = new Set(['ftyp', 'meta', 'mdat', 'moov']);
/** Most boxes that are followed: more than any camera writes. */
const MAX_BOXES = 10_000;
/** Largest description of a file that is read; that of a picture with a thousand tiles has some 50 kB. */
const MAX_META_BYTES = 8 * 1024 * 1024;
/** Version and flags, with which some boxes begin. */
const VERSION_BYTES = 4;
/** Length and letters; the long head has a length of 64 bits too. */
const HEAD = 8;
const LONG_HEAD = 16;
const CUT: HeifFacts = { isCut: true, isFilm: false, sizes: [] };
const FILM: HeifFacts = { isCut: false, isFilm: true, sizes: [] };

/** Reads the boxes of a file. */
export async function readHeifFacts(file: FileHandle, size: number): Promise<HeifFacts> {
  const boxes = await outerBoxes(file, size);
  if (boxes.some(({ kind, to }) => NEEDED.has(kind) && to > size)) return CUT;
  const meta = boxes.find(({ kind }) => kind === 'meta');
  if (meta === undefined) return boxes.some(({ kind }) => kind === 'moov') ? FILM : CUT;
  const length = meta.to - meta.from;
  if (length < VERSION_BYTES || length > MAX_META_BYTES) return CUT;
  const content = Buffer.alloc(length);
  await file.read(content, 0, length, meta.from);
  return { isCut: false, isFilm: false, sizes: sizesIn(content.subarray(VERSION_BYTES)) };
}

async function outerBoxes(file: FileHandle, size: number): Promise<readonly Box[]> {
  const head = Buffer.alloc(LONG_HEAD);
  const boxes: Box[] = [];
  for (let at = 0; at < size && boxes.length < MAX_BOXES;) {
    const { bytesRead } = await file.read(head, 0, LONG_HEAD, at);
    const box = boxAt(head.subarray(0, bytesRead), 0, size - at);
    if (box === undefined) break;
    boxes.push({ kind: box.kind, from: at + box.from, to: at + box.to });
    at += box.to;
  }
  return boxes;
}

/** The box at a place, whose end may lie beyond the bytes at hand; `rest` is the length of one that lasts to the end. */
function boxAt(bytes: Buffer, at: number, rest: number): Box | undefined {
  if (bytes.length < at + HEAD) return undefined;
  const length = bytes.readUInt32BE(at);
  const kind = bytes.toString('latin1', at + 4, at + HEAD);
  if (length === 0) return { kind, from: at + HEAD, to: at + rest };
  if (length >= HEAD) return { kind, from: at + HEAD, to: at + length };
  if (length !== 1 || bytes.length < at + LONG_HEAD) return undefined;
  const long = Number(bytes.readBigUInt64BE(at + HEAD));
  return long < LONG_HEAD ? undefined : { kind, from: at + LONG_HEAD, to: at + long };
}

function inside(bytes: Buffer, kind: string): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; ;) {
    const box = boxAt(bytes, at, bytes.length - at);
    if (box === undefined || box.to > bytes.length) return found;
    if (box.kind === kind) found.push(bytes.subarray(box.from, box.to));
    at = box.to;
  }
}

/** The sizes stand in `ispe` boxes among the properties that pictures share. */
function sizesIn(meta: Buffer): HeifFacts['sizes'] {
  return inside(meta, 'iprp')
    .flatMap((properties) => inside(properties, 'ipco'))
    .flatMap((shared) => inside(shared, 'ispe'))
    .filter((size) => size.length >= VERSION_BYTES + 8)
    .map((size) => [size.readUInt32BE(VERSION_BYTES), size.readUInt32BE(VERSION_BYTES + 4)]);
}
