/**
 * Opens the file of a document inside a child process and gives its type, its number of pages and the pixels of its
 * pages. Every limit is checked before anything is decoded.
 */
import { open, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import { PerennialError } from '../../contracts/failures.ts';
import { bitmapSize, decodeBitmap } from './bitmap.ts';
import type { GrayPage, Turn } from './gray.ts';
import { readHeifFacts } from './heif/boxes.ts';
import type { HeifFacts } from './heif/boxes.ts';
import { decodeHeic, loadHeif } from './heif/decoder.ts';
import { detectMedia, HEAD_BYTES, isTruncated, TAIL_BYTES } from './media.ts';
import type { ReadableMedia } from './media.ts';
import type { ChildSettings } from './messages.ts';
import { openPdf } from './pdf/pdfium.ts';
import type { PdfFile } from './pdf/pdfium.ts';
import { isTiffTruncated } from './tiff.ts';

/** Colour pixels of a page: three or four bytes each, rows from the top. */
export interface ColourPage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

/** The file of a document, inspected and ready to be read. */
export interface SourceFile {
  readonly path: string;
  readonly mediaType: ReadableMedia;
  readonly pages: number;
  /** Present for PDF only. */
  readonly pdf?: PdfFile;
  /** Returns the page in gray; PDF pages at `READING_DPI`. */
  gray(page: number): Promise<GrayPage>;
  /** Returns the page in colour; `dpi` applies to PDF only. */
  colour(page: number, dpi: number): Promise<ColourPage>;
  /** Checks one page of a picture file against the limits, and returns the turn that its camera noted. */
  check(page: number): Promise<Turn>;
}

/** Resolution at which tesseract's model was trained. */
const READING_DPI = 300;
/** Lowest resolution at which a large sheet is rendered before it is refused. */
const LEAST_DPI = 150;
/**
 * Pixels above which a picture is shrunk: at 80 million, tesseract and its input together take more than a gigabyte. An
 * A2 sheet at 300 dpi still fits.
 */
const EASY_PIXELS = 40_000_000;
/** Longest side in pixels, because tesseract and most formats count pixels in 15 bits. */
const MAX_SIDE = 32_767;
const POINTS_PER_INCH = 72;
/**
 * Range of plausible densities; values outside are defaults of programs that do not know the density (72, 96) or
 * mistakes.
 */
const BELIEVABLE_DPI = [100, 1200] as const;
const EXIF_TURNS: Readonly<Record<number, Turn>> = { 3: 180, 6: 90, 8: 270 };

// Each core has a process with one page, so more threads would only compete; the cache would keep decoded pages.
sharp.concurrency(1);
sharp.cache(false);

function assertPixels(width: number, height: number, settings: ChildSettings): void {
  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= settings.maxPixels) return;
  throw new PerennialError(
    'DocumentTooLarge',
    `Expected a page of at most ${String(settings.maxPixels)} pixels and ${String(MAX_SIDE)} on a side, but found ${String(width)} x ${String(height)}. Shrink the page, or raise OCR_MAX_PIXELS.`,
  );
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** Dots per inch that the file states. */
  readonly density?: number | undefined;
}

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

function damaged(what: string, cause?: unknown): PerennialError {
  return new PerennialError(
    'CorruptDocument',
    `Expected a document that can be decoded, but ${what}. Supply an undamaged copy.`,
    { cause },
  );
}

function assertPage(page: number, pages: number): void {
  if (Number.isInteger(page) && page >= 0 && page < pages) return;
  throw new PerennialError(
    'InvalidInput',
    `Expected a page from 0 to ${String(pages - 1)}, but found ${String(page)}. Ask for a page that exists.`,
  );
}

async function pdfSource(path: string, settings: ChildSettings): Promise<SourceFile> {
  const pdf = await openPdf(await readFile(path));
  const sized = (page: number, wanted: number): { width: number; height: number; dpi: number } => {
    assertPage(page, pdf.pages);
    const { across, down } = pdf.withPage(page, (pdfium, handle) => ({
      across: pdfium._FPDF_GetPageWidth(handle),
      down: pdfium._FPDF_GetPageHeight(handle),
    }));
    const squareInches = (across * down) / POINTS_PER_INCH ** 2;
    const fitting = Math.floor(Math.sqrt(Math.min(settings.maxPixels, EASY_PIXELS) / Math.max(squareInches, 1e-6)));
    const dpi = Math.min(wanted, Math.max(Math.min(LEAST_DPI, wanted), fitting));
    const width = Math.max(1, Math.ceil((across / POINTS_PER_INCH) * dpi));
    const height = Math.max(1, Math.ceil((down / POINTS_PER_INCH) * dpi));
    assertPixels(width, height, settings);
    return { width, height, dpi };
  };
  return {
    path,
    mediaType: 'application/pdf',
    pages: pdf.pages,
    pdf,
    gray: (page) => {
      const { width, height, dpi } = sized(page, READING_DPI);
      return Promise.resolve({ width, height, dpi, data: pdf.render(page, width, height, 'gray') });
    },
    colour: (page, dpi) => {
      const { width, height } = sized(page, dpi);
      return Promise.resolve({ width, height, channels: 4 as const, data: pdf.render(page, width, height, 'rgba') });
    },
    check: (page) => {
      sized(page, READING_DPI);
      return Promise.resolve(0 as const);
    },
  };
}

async function pictureSource(path: string, mediaType: ReadableMedia, settings: ChildSettings): Promise<SourceFile> {
  const opened = (page: number): Sharp =>
    // The limit of the library is off, because ours is checked first with a message that names a remedy.
    sharp(path, {
      limitInputPixels: false,
      failOn: 'truncated',
      sequentialRead: true,
      ...(mediaType === 'image/tiff' ? { page } : {}),
    });
  const facts = async (page: number): Promise<Metadata> => {
    const metadata = await opened(page)
      .metadata()
      .catch((cause: unknown) => {
        throw damaged('its header is damaged', cause);
      });
    assertPixels(metadata.width, metadata.height, settings);
    return metadata;
  };
  const first = await facts(0);
  // The frames of an animation are not pages.
  const pages = mediaType === 'image/tiff' ? Math.max(1, first.pages ?? 1) : 1;
  const factsOf = (page: number): Promise<Metadata> => {
    assertPage(page, pages);
    return page === 0 ? Promise.resolve(first) : facts(page);
  };
  return {
    path,
    mediaType,
    pages,
    gray: async (page) => grayOf(opened(page), await factsOf(page)),
    colour: async (page) => {
      await factsOf(page);
      return colourOf(opened(page));
    },
    check: async (page) => EXIF_TURNS[(await factsOf(page)).orientation ?? 1] ?? 0,
  };
}

function pixelsOf(image: Sharp): Promise<{ data: Buffer; info: { width: number; height: number; channels: number } }> {
  return image
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged('its pixels cannot be decoded', cause);
    });
}

async function grayOf(image: Sharp, { width, height, density }: PictureSize): Promise<GrayPage> {
  const factor = Math.ceil(Math.sqrt((width * height) / EASY_PIXELS));
  const gray = image.flatten({ background: '#ffffff' }).grayscale().toColourspace('b-w');
  const { data, info } = await pixelsOf(factor > 1 ? gray.resize({ width: Math.ceil(width / factor) }) : gray);
  const dpi = believable(density);
  return { width: info.width, height: info.height, data, dpi: dpi === undefined ? undefined : dpi / factor };
}

async function colourOf(image: Sharp): Promise<ColourPage> {
  const { data, info } = await pixelsOf(image.flatten({ background: '#ffffff' }).toColourspace('srgb'));
  // `as` is safe: flattened sRGB has three channels, and one only where the library keeps gray.
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3, data };
}

function believable(density: number | undefined): number | undefined {
  if (density === undefined || density < BELIEVABLE_DPI[0] || density > BELIEVABLE_DPI[1]) return undefined;
  return Math.round(density);
}

/** The package that decodes is looked for at once, so that its absence is told before a page is tried. */
async function heicSource(path: string): Promise<SourceFile> {
  await loadHeif();
  const decoded = async (page: number): Promise<{ image: Sharp; width: number; height: number }> => {
    assertPage(page, 1);
    const { data, ...raw } = decodeHeic(await loadHeif(), await readFile(path));
    return { image: sharp(data, { raw, limitInputPixels: false }), width: raw.width, height: raw.height };
  };
  return {
    path,
    mediaType: 'image/heic',
    pages: 1,
    gray: async (page) => {
      const { image, ...size } = await decoded(page);
      return grayOf(image, size);
    },
    colour: async (page) => colourOf((await decoded(page)).image),
    // The decoder turns the picture itself.
    check: (page) => {
      assertPage(page, 1);
      return Promise.resolve(0 as const);
    },
  };
}

async function bitmapSource(path: string, settings: ChildSettings): Promise<SourceFile> {
  const bytes = await readFile(path);
  const { width, height } = bitmapSize(bytes);
  assertPixels(width, height, settings);
  return {
    path,
    mediaType: 'image/bmp',
    pages: 1,
    gray: (page) => {
      assertPage(page, 1);
      return Promise.resolve(decodeBitmap(bytes));
    },
    colour: (page) => {
      assertPage(page, 1);
      return Promise.resolve({ ...decodeBitmap(bytes), channels: 1 as const });
    },
    check: (page) => {
      assertPage(page, 1);
      return Promise.resolve(0 as const);
    },
  };
}
