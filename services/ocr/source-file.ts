/**
 * Opens the file of a document inside a child process and gives its type, its number of pages and the pixels of its
 * pages. Every limit is checked before anything is decoded.
 */
import { open } from 'node:fs/promises';
import { PerennialError } from '../../contracts/failures.ts';
import { readHeifFacts } from './heif/boxes.ts';
import type { HeifFacts } from './heif/boxes.ts';
import { detectMedia, HEAD_BYTES, isTruncated, TAIL_BYTES } from './media.ts';
import type { ReadableMedia } from './media.ts';
import type { ChildSettings } from './messages.ts';
import { bitmapSource } from './sources/bitmap.ts';
import { assertPixels, damaged } from './sources/checks.ts';
import { heicSource } from './sources/heic.ts';
import { pdfSource } from './sources/pdf.ts';
import { pictureSource } from './sources/pictures.ts';
import type { SourceFile } from './sources/source.ts';
import { isTiffTruncated } from './tiff.ts';

interface FileEnds {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly size: number;
  /** True when a TIFF points beyond its end. */
  readonly isCut: boolean;
  /** Present for HEIC and AVIF. */
  readonly heif?: HeifFacts;
}

async function ends(path: string, settings: ChildSettings): Promise<FileEnds> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new PerennialError(
      'FileMissing',
      'Expected the file of the document to be readable, but it is not there or may not be read. Put it back.',
      { cause },
    );
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile())
      throw new PerennialError(
        'UnsupportedMedia',
        'Expected a file, but found a folder or device. Name the file itself.',
      );
    if (facts.size === 0)
      throw new PerennialError('EmptyFile', 'Expected a document, but the file has no bytes. Supply it again.');
    if (facts.size > settings.maxFileBytes) {
      throw new PerennialError(
        'DocumentTooLarge',
        `Expected at most ${String(settings.maxFileBytes)} bytes, but the file has ${String(facts.size)}. Split the document, or raise OCR_MAX_FILE_MB.`,
      );
    }
    const head = Buffer.alloc(Math.min(HEAD_BYTES, facts.size));
    const tail = Buffer.alloc(Math.min(TAIL_BYTES, facts.size));
    await file.read(head, 0, head.length, 0);
    await file.read(tail, 0, tail.length, facts.size - tail.length);
    const media = detectMedia(head);
    if (media === 'image/heic' || media === 'image/avif') {
      const heif = await readHeifFacts(file, facts.size);
      return { head, tail, size: facts.size, isCut: heif.isCut, heif };
    }
    const isCut = media === 'image/tiff' && (await isTiffTruncated(file, facts.size));
    return { head, tail, size: facts.size, isCut };
  } finally {
    await file.close();
  }
}

/**
 * Opens the file of a document.
 * @throws PerennialError `FileMissing`, `EmptyFile`, `UnsupportedMedia`, `CorruptDocument`, `EncryptedDocument`,
 *   `DocumentTooLarge`, `DecoderMissing`
 */
export async function openSource(path: string, settings: ChildSettings): Promise<SourceFile> {
  const { head, tail, size, isCut, heif } = await ends(path, settings);
  const mediaType = detectMedia(head);
  if (mediaType === undefined) {
    throw new PerennialError(
      'UnsupportedMedia',
      'Expected PDF, PNG, JPEG, TIFF, WebP, GIF, BMP, AVIF or HEIC, but the content is none of them. Convert the document.',
    );
  }
  if (isCut || isTruncated(mediaType, head, tail, size)) throw damaged('a part of the picture file is missing');
  if (heif !== undefined) assertStill(heif, settings);
  const source = await sourceOf(path, mediaType, settings);
  if (source.pages <= settings.maxPages) return source;
  source.pdf?.close();
  throw new PerennialError(
    'DocumentTooLarge',
    `Expected at most ${String(settings.maxPages)} pages, but found ${String(source.pages)}. Split the document, or raise OCR_MAX_PAGES.`,
  );
}

function sourceOf(path: string, mediaType: ReadableMedia, settings: ChildSettings): Promise<SourceFile> {
  switch (mediaType) {
    case 'application/pdf':
      return pdfSource(path, settings);
    case 'image/bmp':
      return bitmapSource(path, settings);
    case 'image/heic':
      return heicSource(path);
    default:
      return pictureSource(path, mediaType, settings);
  }
}

function assertStill({ isFilm, sizes }: HeifFacts, settings: ChildSettings): void {
  if (isFilm) {
    throw new PerennialError(
      'UnsupportedMedia',
      'Expected a still picture, but the file is a sequence of pictures or a film. Save one of its pictures as JPEG or PNG.',
    );
  }
  for (const [width, height] of sizes) assertPixels(width, height, settings);
}
