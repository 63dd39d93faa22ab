import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadHeif } from '../../../../services/ocr/heif/decoder.ts';
import { detectMedia } from '../../../../services/ocr/media.ts';
import { openSource } from '../../../../services/ocr/source-file.ts';
import { heic, withBrands, withPrimary, withProperty, withSize } from './files.ts';

const LIMITS = { maxPixels: 1_000_000, maxFileBytes: 1_000_000, maxPages: 3, tesseract: undefined };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ocr-heic-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function open(bytes: Buffer): ReturnType<typeof openSource> {
  const file = path.join(folder, 'picture');
  await writeFile(file, bytes);
  return openSource(file, LIMITS);
}

/** The colours near the corners of a picture, row by row, and its size. */
async function corners(bytes: Buffer): Promise<string> {
  const { width, height, channels, data } = await (await open(bytes)).colour(0, 0);
  const name = (x: number, y: number): string => {
    const at = (y * width + x) * channels;
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    const near = [red, green, blue].map((value) => (value > 200 ? 1 : value < 60 ? 0 : '?')).join('');
    return { '100': 'red', '010': 'green', '001': 'blue', '111': 'white', '000': 'black' }[near] ?? near;
  };
  const [right, bottom] = [width - 6, height - 6];
  const upper = `${name(5, 5)} ${name(right, 5)}`;
  return `${String(width)} x ${String(height)}: ${upper}, ${name(5, bottom)} ${name(right, bottom)}`;
}

describe('a HEIC picture', () => {
  it('is read as one page, in colour and in gray', async () => {
    const source = await open(await heic('colours'));
    expect(source).toMatchObject({ mediaType: 'image/heic', pages: 1 });
    expect(await corners(await heic('colours'))).toBe('64 x 40: red green, blue white');
    expect(await source.gray(0)).toMatchObject({ width: 64, height: 40, dpi: undefined });
    await expect(source.gray(1)).rejects.toMatchObject({ type: 'InvalidInput' });
  });

  it.each([
    ['irot', 3, '40 x 64: blue red, white green'],
    ['irot', 2, '64 x 40: white blue, green red'],
    ['irot', 1, '40 x 64: green white, red blue'],
    ['imir', 0, '64 x 40: blue white, red green'],
    ['imir', 1, '64 x 40: green red, white blue'],
  ] as const)('is turned or mirrored once by %s %i', async (property, value, expected) => {
    for (const name of ['colours', 'noted-turn'] as const) {
      const bytes = withProperty(await heic(name), property, value);
      expect(await corners(bytes), name).toBe(expected);
      expect(await (await open(bytes)).check(0), name).toBe(0);
    }
  });

  it('is not turned by EXIF alone, which says again what the container says', async () => {
    expect(await corners(await heic('noted-turn'))).toBe('64 x 40: red green, blue white');
  });

  it('is the primary one of several', async () => {
    const two = await heic('two-pictures');
    expect(await corners(two)).toBe('64 x 40: red green, blue white');
    expect(await corners(withPrimary(two, 4))).toBe('48 x 48: black black, black black');
  });

  it('stands on white where it is transparent', async () => {
    expect(await corners(await heic('transparent'))).toBe('48 x 48: white white, white white');
  });

  it('is refused with its declared size before anything is decoded', async () => {
    const huge = withSize(await heic('colours'), 40_000, 30_000);
    await expect(open(huge)).rejects.toMatchObject({
      type: 'DocumentTooLarge',
      message: expect.stringContaining('40000 x 30000') as string,
    });
  });

  it('is refused where its pixels are more than it declares', async () => {
    const source = await open(withSize(await heic('page'), 16, 16));
    await expect(source.gray(0)).rejects.toMatchObject({ type: 'CorruptDocument' });
  });

  it('is refused when it is cut, wherever that is', async () => {
    const whole = await heic('colours');
    for (let length = 20; length < whole.length; length += 7)
      await expect(corners(whole.subarray(0, length)), String(length)).rejects.toMatchObject({
        type: 'CorruptDocument',
      });
  });

  it('may have data of other programs behind it', async () => {
    const vendor = Buffer.from('SEFH\u0001 and what else a camera writes');
    expect(await corners(Buffer.concat([await heic('colours'), vendor]))).toBe('64 x 40: red green, blue white');
  });

  it('fails with the name of the package where that is not installed', async () => {
    await expect(loadHeif('libheif-that-is-not-there/bundle.mjs')).rejects.toMatchObject({
      type: 'DecoderMissing',
      message: expect.stringMatching(/npm install libheif-js.*JPEG/) as string,
    });
  });
});

describe('the brand of a HEIF file', () => {
  it.each([
    ['image/heic', ['heic', 'mif1', 'heic', 'miaf']],
    ['image/heic', ['mif1', 'mif1', 'heic', 'miaf']],
    ['image/heic', ['msf1', 'mif1', 'hevc', 'miaf']],
    ['image/avif', ['avif', 'mif1', 'avif', 'miaf']],
    ['image/avif', ['mif1', 'mif1', 'avif', 'miaf']],
    [undefined, ['isom', 'mp42', 'iso2', 'avc1']],
    [undefined, ['qt  ', 'qt  ', 'qt  ', 'qt  ']],
  ] as const)('tells %s from %j', async (media, brands) => {
    expect(detectMedia(withBrands(await heic('colours'), brands))).toBe(media);
  });

  it('that promises HEIC over another coding is refused', async () => {
    const avif = await sharp({ create: { width: 64, height: 40, channels: 3, background: '#fff' } })
      .avif()
      .toBuffer();
    const source = await open(withBrands(avif, ['heic', 'mif1', 'heic', 'miaf']));
    await expect(source.gray(0)).rejects.toMatchObject({ type: 'UnsupportedMedia' });
  });

  it('of a sequence without a still picture is refused with what to do', async () => {
    const film = Buffer.from('\0\0\0\x18ftypmsf1\0\0\0\0msf1hevc\0\0\0\x10moov12345678', 'latin1');
    await expect(open(film)).rejects.toMatchObject({
      type: 'UnsupportedMedia',
      message: expect.stringMatching(/sequence.*Save one of its pictures/) as string,
    });
  });
});

describe('an AVIF picture', () => {
  it('is decoded, turned once, and refused when it is cut or too large', async () => {
    const raw = Buffer.from(await (await open(await heic('colours'))).colour(0, 0).then(({ data }) => data));
    const avif = await sharp(raw, { raw: { width: 64, height: 40, channels: 3 } })
      .avif({ quality: 90, chromaSubsampling: '4:4:4' })
      .toBuffer();
    expect(await open(avif)).toMatchObject({ mediaType: 'image/avif', pages: 1 });
    expect(await corners(avif)).toBe('64 x 40: red green, blue white');
    const turned = withProperty(avif, 'irot', 3);
    expect(await corners(turned)).toBe('40 x 64: blue red, white green');
    expect(await (await open(turned)).check(0)).toBe(0);
    await expect(open(avif.subarray(0, avif.length - 10))).rejects.toMatchObject({ type: 'CorruptDocument' });
    await expect(open(withSize(avif, 40_000, 30_000))).rejects.toMatchObject({ type: 'DocumentTooLarge' });
  });
});
