import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeBitmap } from '../../../services/ocr/bitmap.ts';
import { detectMedia, isTruncated } from '../../../services/ocr/media.ts';
import { openSource } from '../../../services/ocr/source-file.ts';
import { isTiffTruncated } from '../../../services/ocr/tiff.ts';
import { makePdf, PARAGRAPH } from './pages.ts';

const LIMITS = { maxPixels: 1_000_000, maxFileBytes: 1_000_000, maxPages: 3, tesseract: undefined };
const image = (): Sharp => sharp({ create: { width: 40, height: 30, channels: 3, background: '#fff' } });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ocr-media-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function stored(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** The failure that says what is too large, and names the variable of its limit. */
function tooLarge(what: string, variable: string): object {
  return expect.objectContaining({
    type: 'DocumentTooLarge',
    message: expect.stringMatching(new RegExp(`${what}.* ${variable}`)) as string,
  }) as object;
}

/** A BMP with 24 bits a pixel, rows from the bottom: the upper row black, the lower one white. */
function bitmap(): Buffer {
  const bytes = Buffer.alloc(54 + 16);
  bytes.write('BM');
  bytes.writeUInt32LE(70, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(2, 18);
  bytes.writeInt32LE(2, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  bytes.fill(255, 54, 60);
  return bytes;
}

describe('the media type', () => {
  it('is decided by content', async () => {
    expect(detectMedia(await image().png().toBuffer())).toBe('image/png');
    expect(detectMedia(await image().jpeg().toBuffer())).toBe('image/jpeg');
    expect(detectMedia(await image().tiff().toBuffer())).toBe('image/tiff');
    expect(detectMedia(await image().webp().toBuffer())).toBe('image/webp');
    expect(detectMedia(await image().gif().toBuffer())).toBe('image/gif');
    expect(detectMedia(bitmap())).toBe('image/bmp');
    expect(detectMedia(Buffer.from('%PDF-1.7\n'))).toBe('application/pdf');
  });

  it('finds a PDF behind junk within the first 1024 bytes, and not behind more', () => {
    expect(detectMedia(Buffer.from(`${'x'.repeat(1000)}%PDF-1.4`))).toBe('application/pdf');
    expect(detectMedia(Buffer.from(`${'x'.repeat(2000)}%PDF-1.4`))).toBeUndefined();
  });

  it.each([
    'plain text',
    'BM is also how a sentence may begin, so more is asked',
    'PK\u0003\u0004 zip',
    'MZ program',
    '<svg/>',
    '#!/bin/sh',
  ])('is unknown for %j', (text) => {
    expect(detectMedia(Buffer.from(text))).toBeUndefined();
  });
});

describe('a cut file', () => {
  it.each(['png', 'jpeg', 'gif', 'webp'] as const)('is told by its structure: %s', async (format) => {
    const bytes = await sharp(Buffer.from(Array.from({ length: 30_000 }, (_, index) => (index * 7919) % 251)), {
      raw: { width: 100, height: 100, channels: 3 },
    })
      .toFormat(format)
      .toBuffer();
    const media = detectMedia(bytes)!;
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    expect(isTruncated(media, bytes, bytes, bytes.length)).toBe(false);
    expect(isTruncated(media, half, half.subarray(-20), half.length)).toBe(true);
  });

  it('is told for every page of a TIFF', async () => {
    const bytes = await image().resize(300, 300).tiff({ compression: 'none' }).toBuffer();
    const check = async (name: string, content: Buffer): Promise<boolean> => {
      const file = await open(await stored(name, content), 'r');
      return isTiffTruncated(file, content.length).finally(() => file.close());
    };
    expect(await check('whole.tiff', bytes)).toBe(false);
    expect(await check('half.tiff', bytes.subarray(0, bytes.length / 2))).toBe(true);
  });
});

describe('opening a file', () => {
  const failure = (path: string, limits = LIMITS): Promise<unknown> =>
    openSource(path, limits).then(
      () => 'opened',
      (error: unknown) => error,
    );

  it('takes a PDF named like a picture for a PDF', async () => {
    const source = await openSource(
      await stored('scan.png', await makePdf([{ lines: PARAGRAPH }, { lines: PARAGRAPH }])),
      LIMITS,
    );
    expect(source).toMatchObject({ mediaType: 'application/pdf', pages: 2 });
  });

  it.each([
    ['EmptyFile', ''],
    ['UnsupportedMedia', 'This is a letter in plain text.'],
    ['CorruptDocument', '%PDF-1.7\nand nothing else'],
    [
      'CorruptDocument',
      Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from('IEND')]),
    ],
  ])('answers %s', async (type, content) => {
    expect(await failure(await stored('bad', content))).toMatchObject({ type });
  });

  it('answers FileMissing, and UnsupportedMedia for a folder', async () => {
    expect(await failure(join(folder, 'nothing'))).toMatchObject({ type: 'FileMissing' });
    expect(await failure(folder)).toMatchObject({ type: 'UnsupportedMedia' });
  });

  it('answers EncryptedDocument for a PDF with a password', async () => {
    expect(
      await failure(await stored('locked.pdf', await makePdf([{ lines: PARAGRAPH }], { userPassword: 'spring' }))),
    ).toMatchObject({
      type: 'EncryptedDocument',
    });
  });

  it('answers DocumentTooLarge for bytes, pages and pixels beyond the limits, and names the variable of each', async () => {
    const four = await stored('four.pdf', await makePdf(Array.from({ length: 4 }, () => ({ lines: ['x'] }))));
    const wide = await stored('wide.png', await image().resize(2000, 1000).png().toBuffer());
    expect(await failure(four)).toEqual(tooLarge('at most 3 pages, but found 4.', 'OCR_MAX_PAGES'));
    expect(await failure(four, { ...LIMITS, maxFileBytes: 100 })).toEqual(tooLarge('100 bytes', 'OCR_MAX_FILE_MB'));
    expect(await failure(wide)).toEqual(tooLarge('1000000 pixels', 'OCR_MAX_PIXELS'));
  });

  it('answers DocumentTooLarge for a PDF page of 30,000 pixels on a side before it is drawn', async () => {
    const path = await stored('poster.pdf', await makePdf([{ lines: ['x'] }], { size: [14_400, 14_400] }));
    const source = await openSource(path, { ...LIMITS, maxPixels: 100_000_000 });
    expect(() => source.gray(0)).toThrow(tooLarge('30000 x 30000', 'OCR_MAX_PIXELS'));
  });

  it('decodes a BMP and refuses a cut one', async () => {
    const source = await openSource(await stored('fax.bmp', bitmap()), LIMITS);
    expect(await source.gray(0)).toMatchObject({ width: 2, height: 2, data: Uint8Array.from([0, 0, 255, 255]) });
    expect(() => decodeBitmap(bitmap().subarray(0, 60))).toThrow(expect.objectContaining({ type: 'CorruptDocument' }));
  });

  it('reads every page of a fax TIFF', async () => {
    const shades = ['#fff', '#000'].map((background) =>
      sharp({ create: { width: 200, height: 100, channels: 3, background } })
        .png()
        .toBuffer(),
    );
    const fax = await sharp(await Promise.all(shades), { join: { animated: true } })
      .toColourspace('b-w')
      .tiff({ compression: 'ccittfax4', bitdepth: 1 })
      .toBuffer();
    const source = await openSource(await stored('fax.tiff', fax), LIMITS);
    expect(source).toMatchObject({ mediaType: 'image/tiff', pages: 2 });
    expect((await source.gray(0)).data.every((value) => value === 255)).toBe(true);
    expect((await source.gray(1)).data.every((value) => value === 0)).toBe(true);
    await expect(source.gray(2)).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});
