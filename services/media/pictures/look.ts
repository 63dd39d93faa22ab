/** Looks at a picture without decoding it: its form, whether an end is missing, and its size. */
import { type FileHandle, open } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { PerennialError } from '../../../contracts/failures.ts';
import type { AnimationChoice } from '../../../contracts/media/vocabulary.ts';
import { readHeifFacts } from '../../ocr/heif/boxes.ts';
import { detectMedia, HEAD_BYTES, isTruncated, type ReadableMedia, TAIL_BYTES } from '../../ocr/media.ts';
import { isTiffTruncated } from '../../ocr/tiff.ts';
import type { PictureFacts } from '../port.ts';
import type { PictureLimits } from './messages.ts';

/** Longest side in pixels: more do not fit into WebP, and AVIF is not written with more either. */
const MAX_SIDE = 16_383;

/** Forms that are read; others hold no picture, or need a decoder that loses their colours. */
const READ: ReadonlySet<ReadableMedia | undefined> = new Set<ReadableMedia>([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/avif',
  'image/tiff',
  'image/gif',
]);

/** Turns of a camera by a quarter exchange width and height. */
const QUARTER_TURNS = 5;

/**
 * Looks at a picture.
 * @throws PerennialError `EmptyFile`, `UnsupportedPicture`, `DamagedPicture`, `PictureTooLarge`, `AnimatedPicture`
 */
export async function look(path: string, animation: AnimationChoice, limits: PictureLimits): Promise<PictureFacts> {
  await lookAtBytes(path, limits);
  const { width, height, orientation = 1, pages = 1, format } = await headerOf(path);
  assertSize(width, height, limits);
  // Pages of a TIFF are no frames: the first one is the picture.
  if (pages > 1 && format !== 'tiff' && animation === 'refuse') throw animated(pages);
  return orientation < QUARTER_TURNS ? { width, height } : { width: height, height: width };
}

async function lookAtBytes(path: string, limits: PictureLimits): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size === 0)
      throw new PerennialError('EmptyFile', 'Expected a picture, but the file has no bytes. Supply it again.');
    if (size > limits.maxBytes)
      throw new PerennialError(
        'PictureTooLarge',
        `Expected at most ${String(limits.maxBytes)} bytes, but the picture has ${String(size)}. Shrink it, or raise MEDIA_MAX_MB.`,
      );
    if (await isCut(file, size)) throw damaged('a part of it is missing');
  } finally {
    await file.close();
  }
}

async function isCut(file: FileHandle, size: number): Promise<boolean> {
  const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
  const tail = Buffer.alloc(Math.min(TAIL_BYTES, size));
  await file.read(head, 0, head.length, 0);
  await file.read(tail, 0, tail.length, size - tail.length);
  const media = detectMedia(head);
  if (media === undefined || !READ.has(media))
    throw new PerennialError(
      'UnsupportedPicture',
      `Expected JPEG, PNG, WebP, AVIF, TIFF or GIF, but the content is ${media ?? 'none of them'}. Convert the picture.`,
    );
  if (media === 'image/tiff') return isTiffTruncated(file, size);
  if (media !== 'image/avif') return isTruncated(media, head, tail, size);
  const facts = await readHeifFacts(file, size);
  if (facts.isFilm) throw animated(undefined);
  return facts.isCut;
}

async function headerOf(path: string): Promise<Metadata> {
  try {
    // The limit of the library is off, because ours is checked next, with a message that names a remedy.
    return await sharp(path, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw damaged('its header cannot be read', cause);
  }
}

function assertSize(width: number, height: number, { maxPixels }: PictureLimits): void {
  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= maxPixels) return;
  throw new PerennialError(
    'PictureTooLarge',
    `Expected at most ${String(maxPixels)} pixels and ${String(MAX_SIDE)} on a side, but the picture has ${String(width)} x ${String(height)}. Shrink it, or raise MEDIA_MAX_PIXELS.`,
  );
}

function animated(frames: number | undefined): PerennialError {
  return new PerennialError(
    'AnimatedPicture',
    `Expected a still picture, but it has ${frames === undefined ? 'several' : String(frames)} frames. Ask for its first frame with animation: first-frame, or send a still one.`,
  );
}

/** The failure of a picture that cannot be decoded. */
export function damaged(what: string, cause?: unknown): PerennialError {
  return new PerennialError(
    'DamagedPicture',
    `Expected a picture that can be decoded, but ${what}. Supply an undamaged copy.`,
    { cause },
  );
}
